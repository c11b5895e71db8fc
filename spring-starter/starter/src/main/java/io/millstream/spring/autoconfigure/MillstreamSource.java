package io.millstream.spring.autoconfigure;

import io.millstream.Millstream;

/** Finds the Millstream for a connection factory. */
@FunctionalInterface
interface MillstreamSource {
  /**
   * The Millstream on a connection factory.
   *
   * @param connectionFactory its bean name; empty for the only one, or the primary one
   * @throws MisconfiguredException if there is none
   */
  Millstream on(String connectionFactory);
}
