package io.millstream.spring.autoconfigure;

import io.millstream.codec.Codec;
import io.millstream.codec.JsonCodec;
import io.millstream.codec.MessageStream;
import io.millstream.entry.Fields;
import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.validation.Validator;
import tools.jackson.databind.json.JsonMapper;

/** Finds the codec for a stream and a type of payloads. */
final class Streams {
  private final ObjectProvider<MessageStream<?>> known;
  private final ObjectProvider<JsonMapper> mapper;
  private final ObjectProvider<Validator> validator;

  Streams(
      ObjectProvider<MessageStream<?>> known,
      ObjectProvider<JsonMapper> mapper,
      ObjectProvider<Validator> validator) {
    this.known = known;
    this.mapper = mapper;
    this.validator = validator;
  }

  /**
   * A stream.
   *
   * @throws IllegalArgumentException if the key is none
   */
  MessageStream<?> stream(String key, Type payload) {
    MessageStream<?> bean =
        known.stream().filter(stream -> stream.name().equals(key)).findFirst().orElse(null);
    return bean == null ? MessageStream.of(key, codec(payload)) : bean;
  }

  /** The same stream, of which only valid payloads are read; null if nobody can tell. */
  <T> @Nullable MessageStream<T> validated(MessageStream<T> stream) {
    Validator found = validator.getIfUnique();
    return found == null
        ? null
        : MessageStream.of(stream.name(), new ValidatingCodec<>(stream.codec(), found));
  }

  private Codec<?> codec(Type payload) {
    if (payload == String.class) {
      return MessageStream.string("any").codec();
    }
    if (payload == byte[].class) {
      return MessageStream.bytes("any").codec();
    }
    if (payload == Fields.class) {
      return MessageStream.fields("any").codec();
    }
    JsonMapper found = mapper.getIfAvailable();
    return found == null ? JsonCodec.ofType(payload) : JsonCodec.ofType(payload, found);
  }
}
