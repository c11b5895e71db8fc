package io.millstream.engine.memory;

import io.millstream.engine.Engine;

/**
 * A database of an {@link InMemoryServer} as one client sees it: the port's commands, and what is
 * beyond the port. Each takes effect when it is called (or subscribed to), on the caller's thread,
 * and answers an error with a {@link io.millstream.engine.RedisException}. Any thread may call.
 *
 * @since 0.1
 */
public final class InMemoryDatabase {
  private final MemoryEngine engine;
  private final InMemoryKeys keys;
  private final InMemoryStreams streams;

  InMemoryDatabase(Server server, MemoryEngine engine) {
    this.engine = engine;
    this.keys = new InMemoryKeys(server, engine);
    this.streams = new InMemoryStreams(server, engine);
  }

  /** The port. What else is here works until it is closed. */
  public Engine engine() {
    return engine;
  }

  /** The commands for keys of any type. */
  public InMemoryKeys keys() {
    return keys;
  }

  /** The commands for streams that are not in the port. */
  public InMemoryStreams streams() {
    return streams;
  }
}
