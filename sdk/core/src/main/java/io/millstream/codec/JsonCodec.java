package io.millstream.codec;

import io.millstream.entry.Fields;
import java.lang.reflect.Type;
import java.util.Objects;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

/**
 * One JSON document in the field {@code payload}, by Jackson 3.
 *
 * <p>There is no polymorphic typing beyond what the type's own annotations ask for.
 *
 * @param <T> the payload's type
 * @since 0.1
 */
public final class JsonCodec<T> implements Codec<T> {
  private final ObjectWriter writer;
  private final ObjectReader reader;

  private JsonCodec(Type type, JsonMapper mapper) {
    JavaType known = mapper.constructType(type);
    this.writer = mapper.writerFor(known);
    this.reader = mapper.readerFor(known);
  }

  /** With a mapper that ignores unknown properties, so that publishers can evolve. */
  public static <T> JsonCodec<T> of(Class<T> type) {
    return new JsonCodec<>(type, Jackson.DEFAULT_MAPPER);
  }

  /**
   * With a mapper of your own.
   *
   * @throws IllegalArgumentException if the mapper has default typing activated, which lets a
   *     payload choose the class to instantiate
   */
  public static <T> JsonCodec<T> of(Class<T> type, JsonMapper mapper) {
    return new JsonCodec<>(type, Jackson.withoutDefaultTyping(mapper));
  }

  /** As {@link #of(Class)}, for a type that may have arguments, as {@code Event<Order>} has. */
  public static JsonCodec<?> ofType(Type type) {
    return new JsonCodec<>(type, Jackson.DEFAULT_MAPPER);
  }

  /** As {@link #of(Class, JsonMapper)}, for a type that may have arguments. */
  public static JsonCodec<?> ofType(Type type, JsonMapper mapper) {
    return new JsonCodec<>(type, Jackson.withoutDefaultTyping(mapper));
  }

  @Override
  public Fields encode(T payload) {
    return PayloadField.of(writer.writeValueAsBytes(Objects.requireNonNull(payload, "payload")));
  }

  @Override
  public T decode(Fields fields) {
    byte[] json = PayloadField.in(fields);
    T payload;
    try {
      payload = reader.readValue(json);
    } catch (JacksonException e) {
      throw Jackson.decodeFailure(e);
    }
    if (payload == null) {
      throw new DecodeException("field '" + PAYLOAD + "': the JSON document is null");
    }
    return payload;
  }
}
