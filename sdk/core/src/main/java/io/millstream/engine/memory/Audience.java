package io.millstream.engine.memory;

/**
 * Who hears what is published on an {@link InMemoryServer} without being an engine: connections
 * from outside, for example.
 *
 * @since 0.1
 */
public interface Audience {
  /**
   * Something was published. Called on the publisher's thread while the server does nothing else:
   * it must neither wait nor call the server.
   *
   * @return how many connections hear it
   */
  long hear(String channel, String message);
}
