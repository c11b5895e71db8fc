package io.millstream.test;

import java.util.Objects;
import org.assertj.core.api.AbstractAssert;

/**
 * Assertions on a dead letter.
 *
 * @param <T> the payload's type
 * @since 0.1
 */
public final class DeadLetterAssert<T> extends AbstractAssert<DeadLetterAssert<T>, DeadLetter<T>> {
  DeadLetterAssert(DeadLetter<T> letter) {
    super(letter, DeadLetterAssert.class);
  }

  /** The payload, decoded, equals this. */
  public DeadLetterAssert<T> hasPayload(T payload) {
    return holds("payload", payload, Objects.equals(actual.payload(), payload));
  }

  /** The reason contains this text. */
  public DeadLetterAssert<T> hasReason(String text) {
    return holds("reason", text, actual.reason().contains(text));
  }

  /** It was given up with this delivery count. */
  public DeadLetterAssert<T> hasDeliveries(long deliveries) {
    return holds("deliveries", deliveries, actual.deliveries() == deliveries);
  }

  /** Its handler failed last with exactly this type of exception. */
  public DeadLetterAssert<T> failedWith(Class<? extends Throwable> type) {
    return holds("exception", type.getName(), type.getName().equals(actual.exception()));
  }

  /** Its handler failed last with an exception whose message contains this text. */
  public DeadLetterAssert<T> hasExceptionMessage(String text) {
    String message = actual.exceptionMessage();
    return holds("exception message", text, message != null && message.contains(text));
  }

  private DeadLetterAssert<T> holds(String what, Object wanted, boolean holds) {
    isNotNull();
    if (!holds) {
      throw failure(
          "%s",
          "expected "
              + what
              + ": "
              + wanted
              + ", but the dead letter is\n  "
              + actual
              + payloadText());
    }
    return this;
  }

  private String payloadText() {
    try {
      return "\n  payload: " + actual.payload();
    } catch (RuntimeException e) {
      return "\n  payload: not decodable, " + e;
    }
  }
}
