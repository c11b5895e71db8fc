package io.millstream.observe;

/**
 * Something that holds on the thread that opened it, until that thread closes it.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface Scope extends AutoCloseable {
  /** Nothing. */
  Scope NONE = () -> {};

  /** Puts back what was there before. */
  @Override
  void close();
}
