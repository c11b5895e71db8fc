package io.millstream.test.redis;

import io.millstream.engine.memory.BlockingCall;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** What a command answers, before a protocol writes it. */
sealed interface Reply {
  /** {@code +OK}. */
  Reply OK = new Simple("OK");

  /** A null where a string would be. */
  Reply NIL = Nil.STRING;

  /** A null where an array would be; to RESP3 all nulls are the same. */
  Reply NIL_ARRAY = Nil.ARRAY;

  /** No elements. */
  Reply EMPTY = new Array(List.of());

  /** A status. */
  record Simple(String text) implements Reply {}

  /** An error with its code. */
  record Failure(String text) implements Reply {}

  /** A number. */
  record Whole(long number) implements Reply {}

  /** A string of any bytes. */
  final class Bulk implements Reply {
    private final byte[] bytes;

    private Bulk(byte[] bytes) {
      this.bytes = bytes;
    }

    byte[] bytes() {
      return bytes;
    }
  }

  /** The nulls. */
  enum Nil implements Reply {
    /** RESP2: {@code $-1}. */
    STRING,
    /** RESP2: {@code *-1}. */
    ARRAY
  }

  /** A sequence. */
  record Array(List<? extends Reply> elements) implements Reply {}

  /** Keys, each followed by its value: a map to RESP3, a flat array to RESP2. */
  record Dictionary(List<? extends Reply> keysAndValues) implements Reply {}

  /** Keys, each followed by its value: a map to RESP3, an array of pairs to RESP2. */
  record Pairs(List<? extends Reply> keysAndValues) implements Reply {}

  /** A set; an array to RESP2. */
  record Unordered(List<? extends Reply> elements) implements Reply {}

  /** Text for people; a plain string to RESP2. */
  record Verbatim(String text) implements Reply {}

  /** Something nobody asked for; an array to RESP2. */
  record Push(List<? extends Reply> elements) implements Reply {}

  /** Several replies to one command. */
  record Several(List<? extends Reply> replies) implements Reply {}

  /**
   * A reply that may have to wait.
   *
   * @param call what it waits for
   * @param reply its reply, nil included; cancelled if the client goes
   */
  record Later(BlockingCall<?> call, Mono<Reply> reply) implements Reply {}

  static Reply bulk(byte[] bytes) {
    return new Bulk(bytes);
  }

  static Reply bulk(String text) {
    return new Bulk(Text.bytes(text));
  }

  /** An id, or whatever else is text; nil for null. */
  static Reply bulkOrNil(@Nullable Object text) {
    return text == null ? NIL : bulk(text.toString());
  }

  static Reply whole(long number) {
    return new Whole(number);
  }

  static Reply wholeOrNil(@Nullable Long number) {
    return number == null ? NIL : new Whole(number);
  }

  static Reply flag(boolean yes) {
    return new Whole(yes ? 1 : 0);
  }

  static Reply array(Reply... elements) {
    return new Array(List.of(elements));
  }

  static Reply bulks(List<String> texts) {
    return new Array(texts.stream().map(Reply::bulk).toList());
  }

  static Reply failure(String text) {
    return new Failure(text);
  }

  /** Gathers a {@link Dictionary}. */
  final class Fields {
    private final List<Reply> keysAndValues = new ArrayList<>();

    Fields put(String key, Reply value) {
      keysAndValues.add(bulk(key));
      keysAndValues.add(value);
      return this;
    }

    Fields put(String key, String value) {
      return put(key, bulk(value));
    }

    Fields put(String key, long value) {
      return put(key, whole(value));
    }

    Reply build() {
      return new Dictionary(List.copyOf(keysAndValues));
    }
  }
}
