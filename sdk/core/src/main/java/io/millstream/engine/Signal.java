package io.millstream.engine;

/**
 * What a listener of {@link Signals} is told. Either is a reason to look: a signal may have come
 * just before.
 *
 * @since 0.1
 */
public enum Signal {
  /** From now on signals are heard: at first, and each time the connection is back. */
  LISTENING,
  /** Somebody has sent one. */
  HEARD
}
