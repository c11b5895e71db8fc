package io.millstream.codec;

import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the codecs on Jackson share. Jackson is optional at run time: only the classes behind {@code
 * MessageStream.json} and {@code fieldMap} see it.
 */
final class Jackson {
  private static final int MAX_PATH = 200;

  /** Unknown properties are ignored, so that publishers can evolve. */
  static final JsonMapper DEFAULT_MAPPER =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  private Jackson() {}

  /**
   * Default typing lets a payload name the class to instantiate, which whoever can write to the
   * stream may abuse.
   */
  static JsonMapper withoutDefaultTyping(JsonMapper mapper) {
    var config = mapper.deserializationConfig();
    if (config.getDefaultTyper(config.constructType(Object.class)) != null) {
      throw new IllegalArgumentException(
          "mapper: has default typing activated, expected one without polymorphic typing");
    }
    return mapper;
  }

  /**
   * Jackson's messages quote the payload, and so do their causes: of these only types, path and
   * place are kept.
   */
  static DecodeException decodeFailure(JacksonException failure) {
    StringBuilder message = new StringBuilder(failure.getClass().getSimpleName());
    Throwable cause = failure.getCause();
    if (cause != null && !(cause instanceof JacksonException)) {
      message.append(" (").append(cause.getClass().getName()).append(')');
    }
    if (!failure.getPath().isEmpty()) {
      message.append(" at ").append(path(failure));
    }
    TokenStreamLocation place = failure.getLocation();
    if (place != null && place.getLineNr() > 0) {
      message
          .append(", line ")
          .append(place.getLineNr())
          .append(", column ")
          .append(place.getColumnNr());
    }
    DecodeException safe = new DecodeException(message.toString());
    safe.setStackTrace(failure.getStackTrace());
    return safe;
  }

  private static String path(JacksonException failure) {
    StringBuilder path = new StringBuilder();
    for (JacksonException.Reference step : failure.getPath()) {
      if (step.getPropertyName() == null) {
        path.append('[').append(step.getIndex()).append(']');
      } else if (isMap(step.from())) {
        path.append("[?]"); // a map's keys are payload
      } else {
        path.append(path.isEmpty() ? "" : ".").append(step.getPropertyName());
      }
    }
    return path.length() <= MAX_PATH ? path.toString() : path.substring(0, MAX_PATH) + "...";
  }

  private static boolean isMap(Object from) {
    return from instanceof Map
        || (from instanceof Class<?> type && Map.class.isAssignableFrom(type));
  }
}
