package io.millstream.examples.benchmarks;

import io.lettuce.core.RedisURI;

/**
 * What a contender is to consume.
 *
 * @param port the server's, on the loopback interface
 * @param stream the stream
 * @param group the group, which is there already
 */
record Job(int port, String stream, String group) {
  /** The field that has the payload. */
  static final String FIELD = "data";

  /** The entries have the ids {@code (FIRST + number)-0}. */
  static final long FIRST = 1_700_000_000_000L;

  RedisURI uri() {
    return RedisURI.create("127.0.0.1", port);
  }

  /** The number of the message with this id. */
  static long number(String id) {
    return Long.parseLong(id, 0, id.indexOf('-'), 10) - FIRST;
  }
}
