package io.millstream.engine;

/**
 * What happened to an engine's shared connection.
 *
 * @since 0.1
 */
public enum ConnectionEvent {
  /** Commands are taken again. */
  CONNECTED,
  /** Commands fail until {@link #CONNECTED}. */
  DISCONNECTED
}
