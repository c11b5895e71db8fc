package io.millstream.codec;

import static java.util.Objects.requireNonNull;

import io.millstream.entry.EntryId;
import io.millstream.entry.Fields;
import io.millstream.message.Headers;
import java.time.Instant;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How an entry came to be a dead letter: the fields that stand beside its original ones. A reader
 * of dead letters finds them among the headers ({@code millstream-reason} and so on).
 *
 * <p>Reason and exception message are cut at {@value #MAX_TEXT} chars.
 *
 * @param stream the stream it came from
 * @param id its id there
 * @param group the group that gave it up
 * @param consumer the consumer that held it
 * @param deliveries its delivery count in Redis
 * @param time when it was given up
 * @param reason why, in a few words
 * @param failure what its handler failed with, or null if nobody knows (its JVM died) or nothing
 *     did
 * @since 0.1
 */
public record DeadLetterStory(
    String stream,
    EntryId id,
    String group,
    String consumer,
    long deliveries,
    Instant time,
    String reason,
    @Nullable Throwable failure) {
  /** The field that names the stream it came from. */
  public static final String STREAM = Envelope.HEADER_PREFIX + Headers.RESERVED + "stream";

  /** The field with its id in that stream. */
  public static final String ID = Envelope.HEADER_PREFIX + Headers.RESERVED + "id";

  /** The field that names the group. */
  public static final String GROUP = Envelope.HEADER_PREFIX + Headers.RESERVED + "group";

  /** The field that names the consumer. */
  public static final String CONSUMER = Envelope.HEADER_PREFIX + Headers.RESERVED + "consumer";

  /** The field with the delivery count. */
  public static final String DELIVERIES = Envelope.HEADER_PREFIX + Headers.RESERVED + "deliveries";

  /** The field with the time: ISO-8601, UTC. */
  public static final String TIME = Envelope.HEADER_PREFIX + Headers.RESERVED + "time";

  /** The field with the reason. */
  public static final String REASON = Envelope.HEADER_PREFIX + Headers.RESERVED + "reason";

  /** The field with the exception's type; left out if there was no exception. */
  public static final String EXCEPTION = Envelope.HEADER_PREFIX + Headers.RESERVED + "exception";

  /** The field with the exception's message; left out if there is none. */
  public static final String MESSAGE = Envelope.HEADER_PREFIX + Headers.RESERVED + "message";

  /** The most chars of a reason or a message. */
  public static final int MAX_TEXT = 1_024;

  public DeadLetterStory {
    requireNonNull(stream, "stream");
    requireNonNull(id, "id");
    requireNonNull(group, "group");
    requireNonNull(consumer, "consumer");
    requireNonNull(time, "time");
    requireNonNull(reason, "reason");
  }

  /** The story as fields, to be added to the original ones, with the failure's message. */
  public Fields fields() {
    return fields(Throwable::getMessage);
  }

  /**
   * The story as fields, to be added to the original ones.
   *
   * @param text what is told of the failure besides its class; null for nothing. If it throws,
   *     nothing is told
   */
  public Fields fields(Function<? super Throwable, ? extends @Nullable String> text) {
    Fields.Builder fields =
        Fields.builder()
            .add(STREAM, stream)
            .add(ID, id.toString())
            .add(GROUP, group)
            .add(CONSUMER, consumer)
            .add(DELIVERIES, Long.toString(deliveries))
            .add(TIME, time.toString())
            .add(REASON, cut(reason));
    if (failure != null) {
      fields.add(EXCEPTION, failure.getClass().getName());
      String message = textOf(failure, text);
      if (message != null) {
        fields.add(MESSAGE, cut(message));
      }
    }
    return fields.build();
  }

  private static @Nullable String textOf(
      Throwable failure, Function<? super Throwable, ? extends @Nullable String> text) {
    try {
      return text.apply(failure);
    } catch (RuntimeException e) {
      return null; // code of the user's own; the dead letter must be written all the same
    }
  }

  private static String cut(String text) {
    if (text.length() <= MAX_TEXT) {
      return text;
    }
    boolean splitsPair = Character.isHighSurrogate(text.charAt(MAX_TEXT - 1));
    return text.substring(0, splitsPair ? MAX_TEXT - 1 : MAX_TEXT);
  }
}
