package io.millstream.admin;

import io.millstream.codec.DeadLetterStory;
import io.millstream.codec.DecodeException;
import io.millstream.codec.Envelope;
import io.millstream.codec.MessageStream;
import io.millstream.entry.Entry;
import io.millstream.entry.EntryId;
import io.millstream.entry.Fields;
import io.millstream.message.Headers;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A message that a group gave up.
 *
 * @param id its id in the dead-letter stream
 * @param original the fields of the entry, untouched; none if it was deleted and nobody held them
 * @param story how it came here; null if it has none that can be read, so that it was not a worker
 *     of Millstream's that wrote it
 * @since 0.1
 */
public record DeadLetter(EntryId id, Fields original, @Nullable Story story) {
  /**
   * How a message came to be given up.
   *
   * @param stream the stream it came from
   * @param id its id there
   * @param group the group that gave it up
   * @param consumer who held it last
   * @param deliveries how often it was delivered
   * @param time when it was given up
   * @param reason why, in a few words
   * @param exception the class of what its handler failed with, or null
   * @param message the message of that, or null
   */
  public record Story(
      String stream,
      EntryId id,
      String group,
      String consumer,
      long deliveries,
      Instant time,
      String reason,
      @Nullable String exception,
      @Nullable String message) {}

  /** Reads an entry of a dead-letter stream. */
  static DeadLetter of(Entry entry) {
    Fields fields = entry.fields();
    int start = storyStart(fields);
    Fields.Builder original = Fields.builder();
    Fields.Builder story = Fields.builder();
    for (int i = 0; i < fields.size(); i++) {
      (i < start ? original : story).add(fields.nameBytes(i), fields.value(i));
    }
    return new DeadLetter(entry.id(), original.build(), story(story.build()));
  }

  /** The story comes last: a message that was given up twice has two. */
  private static int storyStart(Fields fields) {
    for (int i = fields.size() - 1; i >= 0; i--) {
      if (fields.name(i).equals(DeadLetterStory.STREAM)) {
        return i;
      }
    }
    return fields.size();
  }

  private static @Nullable Story story(Fields fields) {
    try {
      return new Story(
          required(fields, DeadLetterStory.STREAM),
          EntryId.parse(required(fields, DeadLetterStory.ID)),
          required(fields, DeadLetterStory.GROUP),
          required(fields, DeadLetterStory.CONSUMER),
          Long.parseLong(required(fields, DeadLetterStory.DELIVERIES)),
          Instant.parse(required(fields, DeadLetterStory.TIME)),
          required(fields, DeadLetterStory.REASON),
          fields.text(DeadLetterStory.EXCEPTION),
          fields.text(DeadLetterStory.MESSAGE));
    } catch (IllegalArgumentException | NullPointerException | DateTimeParseException e) {
      return null;
    }
  }

  private static String required(Fields fields, String name) {
    return Objects.requireNonNull(fields.text(name), name);
  }

  /**
   * The message itself.
   *
   * @throws DecodeException if the stream's codec cannot read it
   */
  public <T> T payload(MessageStream<T> stream) {
    return stream.codec().decode(Envelope.payload(original));
  }

  /** Whether the name of the exception's class has this in it. */
  public boolean exceptionHas(String part) {
    return story != null && has(story.exception(), part);
  }

  /** Whether the reason, or the exception's message, has this in it. */
  public boolean reasonHas(String part) {
    return story != null && (has(story.reason(), part) || has(story.message(), part));
  }

  private static boolean has(@Nullable String text, String part) {
    return text != null && text.contains(part);
  }

  /** The headers of the message, without the story. */
  public Headers headers() {
    return Envelope.headers(original);
  }
}
