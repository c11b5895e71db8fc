package io.millstream.engine;

import io.millstream.testing.Capability;

/**
 * What a contract needs of the engine under test. One fixture serves one test; {@link #close()}
 * lets go of what the test opened.
 */
interface EngineFixture extends AutoCloseable {
  /** The engine under test. */
  Engine engine();

  /** Another engine on the same server, as another process would have it. */
  Engine other();

  /** One more engine on the same server, for the test to close. */
  Engine open();

  /** A key that nobody else uses. */
  String key();

  /** Whether the server can do it. */
  boolean has(Capability capability);

  /**
   * Waits until exactly so many readers that were opened by this test are blocked at the server.
   */
  void awaitBlockedReaders(int count);

  /** DEL. */
  void deleteKey(String key);

  /** SET: whatever was there becomes a string. */
  void putString(String key);

  @Override
  void close();
}
