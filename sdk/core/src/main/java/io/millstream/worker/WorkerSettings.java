package io.millstream.worker;

import io.millstream.policy.RetryPolicy;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a worker was told. Everything is checked here and nowhere else; each error names the
 * setting, its value and what is allowed.
 *
 * @param membership how it takes part in its group
 * @param capacity how much at once
 * @param times how long
 * @param retry what happens after a failure
 * @param leaves what is left of a message that is done with
 */
record WorkerSettings(
    Membership membership, Capacity capacity, Times times, RetryPolicy retry, Leaves leaves) {

  static final Duration LONGEST_VISIBILITY = Duration.ofHours(24);

  String group() {
    return membership.group();
  }

  /**
   * What is left of a message that is done with.
   *
   * @param deleteOnAck whether its entry goes once no group needs it
   * @param exceptionText what its dead letter tells of an exception
   */
  record Leaves(boolean deleteOnAck, ExceptionText exceptionText) {}

  /**
   * How it takes part in its group.
   *
   * @param group the consumer group
   * @param fixedName the consumer's name if the user chose it, null if it is to be unique to the
   *     process
   * @param start where the group starts if it has to be created
   * @param lostGroup what happens when the group is gone
   * @param nudge whether workers tell each other when they have released something
   */
  record Membership(
      String group,
      @Nullable String fixedName,
      GroupStart start,
      LostGroup lostGroup,
      boolean nudge) {
    Membership {
      require(!group.isBlank(), "group", quoted(group), "a name that is not empty");
      require(
          fixedName == null || !fixedName.isBlank(),
          "consumer",
          quoted(fixedName),
          "a name that is not empty");
      require(
          fixedName == null || !fixedName.startsWith("millstream."),
          "consumer",
          quoted(fixedName),
          "a name that does not start with 'millstream.', which is reserved");
    }
  }

  /**
   * How much at once.
   *
   * @param concurrency handler calls at once
   * @param batchSize messages in one handler call, 1 unless there is a batch handler
   * @param readAhead messages read before a handler is free for them
   * @param maxWaiting messages that may wait for their retry before reading stops
   */
  record Capacity(int concurrency, int batchSize, int readAhead, int maxWaiting) {
    static final int MOST = 100_000;

    Capacity {
      require(concurrency >= 1 && concurrency <= MOST, "concurrency", concurrency, "1 to " + MOST);
      require(batchSize >= 1 && batchSize <= 10_000, "batchSize", batchSize, "1 to 10000");
      require(readAhead >= 0 && readAhead <= MOST, "readAhead", readAhead, "0 to " + MOST);
      require(maxWaiting >= 1, "maxWaiting", maxWaiting, "1 or more");
    }

    /** How many messages may be in the hands of handlers. */
    int places() {
      return concurrency * batchSize;
    }
  }

  /**
   * How long.
   *
   * @param visibilityTimeout how long an entry may lie idle before another worker may claim it
   * @param handlerTimeout how long a handler may take
   * @param drainTimeout how long a stop waits for handlers
   * @param block how long a read waits at the server
   */
  record Times(
      Duration visibilityTimeout, Duration handlerTimeout, Duration drainTimeout, Duration block) {
    Times {
      require(
          visibilityTimeout.compareTo(Duration.ofSeconds(1)) >= 0
              && visibilityTimeout.compareTo(LONGEST_VISIBILITY) <= 0,
          "visibilityTimeout",
          visibilityTimeout,
          "PT1S to PT24H");
      require(
          handlerTimeout.compareTo(Duration.ofMillis(1)) >= 0,
          "handlerTimeout",
          handlerTimeout,
          "PT0.001S or more");
      require(!drainTimeout.isNegative(), "drainTimeout", drainTimeout, "zero or more");
      require(
          block.compareTo(Duration.ofMillis(10)) >= 0
              && block.compareTo(Duration.ofMinutes(1)) <= 0,
          "blockTimeout",
          block,
          "PT0.01S to PT1M");
    }

    /** Three chances within a visibility timeout. */
    Duration renewEvery() {
      return visibilityTimeout.dividedBy(3);
    }

    /**
     * Often enough that what is abandoned is taken up soon, seldom enough that a fleet is not
     * heard.
     */
    Duration reapEvery() {
      Duration quarter = visibilityTimeout.dividedBy(4);
      Duration most = Duration.ofSeconds(15);
      return quarter.compareTo(most) < 0 ? quarter : most;
    }
  }

  private static void require(
      boolean holds, String setting, @Nullable Object value, String allowed) {
    if (!holds) {
      throw new IllegalArgumentException(setting + ": " + value + ", allowed: " + allowed);
    }
  }

  private static String quoted(@Nullable String text) {
    return "'" + text + "'";
  }
}
