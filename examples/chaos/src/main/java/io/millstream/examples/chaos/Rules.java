package io.millstream.examples.chaos;

import io.millstream.codec.MessageStream;
import java.time.Duration;

/** What all processes of a run agree on. */
final class Rules {
  static final MessageStream<String> JOBS = MessageStream.string("chaos:jobs");
  static final String GROUP = "workers";

  static final Duration PUBLISH_EVERY = Duration.ofMillis(40);

  /** Handlers of a worker at once. */
  static final int HANDLERS = 8;

  /** Batches of a worker with a batch handler at once, and messages of one. */
  static final int BATCHES = 2;

  static final int BATCH = 8;

  static final Duration VISIBILITY = Duration.ofSeconds(2);
  static final Duration BLOCK = Duration.ofSeconds(1);
  static final Duration DRAIN = Duration.ofSeconds(6);
  static final int MAX_DELIVERIES = 5;
  static final Duration FIRST_RETRY = Duration.ofMillis(200);

  /** A round of the reaper, at most: a quarter of the visibility timeout and its jitter. */
  static final Duration ROUND = VISIBILITY.dividedBy(2);

  /** The longest that an engine waits before it connects again, and then some. */
  static final Duration RECONNECT = Duration.ofSeconds(6);

  /** How long after the last fault everything may take to come to rest. */
  static final Duration SETTLE = Duration.ofSeconds(60);

  /** How long a publisher waits for a replica. */
  static final Duration CONFIRM = Duration.ofMillis(500);

  private Rules() {}
}
