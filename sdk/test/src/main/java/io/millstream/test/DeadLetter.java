package io.millstream.test;

import io.millstream.codec.DeadLetterStory;
import io.millstream.codec.DecodeException;
import io.millstream.codec.Envelope;
import io.millstream.codec.MessageStream;
import io.millstream.entry.Entry;
import io.millstream.entry.EntryId;
import io.millstream.entry.Fields;
import io.millstream.message.Headers;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A message that was given up, with the story of how that came.
 *
 * @param stream the stream that the message came from
 * @param entry the entry of the dead-letter stream
 * @param <T> the payload's type
 * @since 0.1
 */
public record DeadLetter<T>(MessageStream<T> stream, Entry entry) {
  /** The id that the message had in its stream. */
  public EntryId id() {
    return EntryId.parse(told(DeadLetterStory.ID));
  }

  /**
   * The payload, decoded.
   *
   * @throws DecodeException if it cannot be, which may be why it is here
   */
  public T payload() {
    return stream.codec().decode(Envelope.payload(entry.fields()));
  }

  /** The headers of the message, and the story as headers beside them. */
  public Headers headers() {
    return Envelope.headers(entry.fields());
  }

  /** All fields: the original ones untouched, and the story. */
  public Fields fields() {
    return entry.fields();
  }

  /** Why it was given up, in a few words. */
  public String reason() {
    return told(DeadLetterStory.REASON);
  }

  /** Its delivery count. */
  public long deliveries() {
    return Long.parseLong(told(DeadLetterStory.DELIVERIES));
  }

  /** The consumer that gave it up. */
  public String consumer() {
    return told(DeadLetterStory.CONSUMER);
  }

  /** When it was given up, in virtual time. */
  public Instant time() {
    return Instant.parse(told(DeadLetterStory.TIME));
  }

  /** The class name of what its handler failed with last; null if there was nothing. */
  public @Nullable String exception() {
    return entry.fields().text(DeadLetterStory.EXCEPTION);
  }

  /** The message of what its handler failed with last; null if there was none. */
  public @Nullable String exceptionMessage() {
    return entry.fields().text(DeadLetterStory.MESSAGE);
  }

  private String told(String field) {
    return Objects.requireNonNull(
        entry.fields().text(field), () -> "no dead letter of Millstream's: no field " + field);
  }

  /** In one line. */
  @Override
  public String toString() {
    String failure =
        exception() == null ? "" : " (" + exception() + ": " + exceptionMessage() + ")";
    return id() + " after delivery " + deliveries() + ": " + reason() + failure;
  }
}
