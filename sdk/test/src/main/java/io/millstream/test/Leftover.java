package io.millstream.test;

/**
 * What a test can leave behind, and {@link TestMillstream#strict} makes it fail for.
 *
 * @since 0.1
 */
public enum Leftover {
  /** Messages that a consumer holds, or that were released and not taken up. */
  PENDING,
  /** Messages of a stream that a group of it has not been given. */
  UNDELIVERED,
  /** Dead letters that the test has not looked at, and that no group reads. */
  DEAD_LETTERS,
  /** Failed deliveries that the test has not looked at, whether the message was retried or not. */
  FAILURES
}
