package io.millstream.engine;

import java.util.List;
import reactor.core.publisher.Mono;

/**
 * A connection for XREADGROUP, blocking or not, used by one caller. A read that may block is the
 * only one under way; of those that do not, several may be, and are answered in their order. A
 * reader whose connection broke, or whose read got no reply in time, is spent: what is under way
 * and every later read fail with {@link RedisException#CONNECTION}. Close it and open another.
 *
 * @since 0.1
 */
public interface Reader {
  /**
   * XREADGROUP. Empty (nil) if there was nothing within BLOCK, or if it was unblocked. A stream
   * without anything new is left out of the reply; a history read answers each stream, empty or
   * not.
   */
  Mono<List<StreamEntries>> read(ReadArgs args);

  /**
   * CLIENT UNBLOCK: makes a read that waits at the server return empty.
   *
   * @return whether a waiting read was found; {@code NOPERM} without the right to do so
   */
  Mono<Boolean> unblock();

  /**
   * Ends the connection and makes sure that the server has forgotten it (CLIENT KILL), so that no
   * read of it can take an entry afterwards.
   *
   * @return whether that is certain; false if the server does not grant the right, or cannot be
   *     reached: then a read may still take entries for up to the BLOCK it was sent with. Never
   *     fails.
   */
  Mono<Boolean> close();
}
