package io.millstream.observe;

import org.jspecify.annotations.Nullable;
import reactor.util.context.Context;

/**
 * One message in the hands of a handler.
 *
 * @since 0.1
 */
public interface Processing {
  /** How it ended, as far as the handler goes. */
  enum Result {
    /** The handler succeeded: the message is acknowledged. */
    ACK,
    /** The handler asked for another delivery. */
    RETRY,
    /** The handler gave the message up. */
    DEAD_LETTER,
    /** The handler failed, or the message cannot be decoded; the policy decides. */
    FAILURE,
    /** The handler was cancelled: it took too long, or lost its lease, or the worker stops. */
    CANCELLED
  }

  /** Nobody follows it. */
  Processing NONE =
      new Processing() {
        @Override
        public Context context() {
          return Context.empty();
        }

        @Override
        public Scope open() {
          return Scope.NONE;
        }

        @Override
        public void ended(Result result, @Nullable Throwable cause) {}
      };

  /** The context in which the handler's {@code Mono} is subscribed to. */
  Context context();

  /** Makes it what the calling thread works on. */
  Scope open();

  /**
   * The handler has really ended. Told once, from any thread.
   *
   * @param cause the failure behind it, if there was one; it may quote the payload
   */
  void ended(Result result, @Nullable Throwable cause);
}
