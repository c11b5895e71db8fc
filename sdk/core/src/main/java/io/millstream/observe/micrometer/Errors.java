package io.millstream.observe.micrometer;

import io.micrometer.common.KeyValues;
import io.micrometer.observation.Observation;

/** What is told of a failure beside the exception itself. */
final class Errors {
  private Errors() {}

  /** Its class, if there was one. */
  static KeyValues type(Observation.Context context) {
    Throwable error = context.getError();
    return error == null
        ? KeyValues.empty()
        : KeyValues.of(MessagingKeys.ERROR_TYPE, error.getClass().getName());
  }
}
