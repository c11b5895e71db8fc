package io.millstream.spring;

import io.millstream.publish.PublishSettings;

/**
 * Changes how injected publishers write. Beans of this type are asked in their order, after the
 * annotation.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface PublisherCustomizer {
  /**
   * The settings of one publisher.
   *
   * @param stream the key of its stream
   * @param settings as they are so far
   */
  PublishSettings customize(String stream, PublishSettings settings);
}
