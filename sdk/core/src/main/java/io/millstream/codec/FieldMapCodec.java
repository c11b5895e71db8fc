package io.millstream.codec;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millstream.entry.Fields;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.deser.DeserializationProblemHandler;
import tools.jackson.databind.json.JsonMapper;

/** One field for each property of a flat type, as text; the conversions are Jackson's. */
final class FieldMapCodec<T> implements Codec<T> {
  /** Many programs write a boolean as 1 or 0, Spring Data Redis among them. */
  private static final JsonMapper MAPPER =
      Jackson.DEFAULT_MAPPER
          .rebuild()
          .addHandler(
              new DeserializationProblemHandler() {
                @Override
                public Object handleWeirdStringValue(
                    DeserializationContext context, Class<?> target, String text, String message) {
                  boolean wanted = target == boolean.class || target == Boolean.class;
                  if (wanted && (text.equals("1") || text.equals("0"))) {
                    return text.equals("1");
                  }
                  return NOT_HANDLED;
                }
              })
          .build();

  private final Class<T> type;

  FieldMapCodec(Class<T> type) {
    this.type = Objects.requireNonNull(type, "type");
  }

  @Override
  public Fields encode(T payload) {
    JsonNode tree = MAPPER.valueToTree(Objects.requireNonNull(payload, "payload"));
    if (!tree.isObject()) {
      throw new IllegalArgumentException(
          "field map: " + type.getName() + " is not an object, expected a type with properties");
    }
    Fields.Builder fields = Fields.builder();
    tree.forEachEntry(
        (property, value) -> {
          if (value.isContainer()) {
            throw new IllegalArgumentException(
                "field map: property '"
                    + property
                    + "' of "
                    + type.getName()
                    + " is nested, expected text, a number or a boolean");
          }
          if (!value.isNull()) {
            fields.add(property, value.asString().getBytes(UTF_8));
          }
        });
    return fields.build();
  }

  @Override
  public T decode(Fields fields) {
    Map<String, String> values = new LinkedHashMap<>();
    for (int i = 0; i < fields.size(); i++) {
      String name = fields.name(i);
      values.put(name, Utf8.decode(fields.value(i), name));
    }
    try {
      return MAPPER.convertValue(values, type);
    } catch (JacksonException e) {
      throw Jackson.decodeFailure(e);
    }
  }
}
