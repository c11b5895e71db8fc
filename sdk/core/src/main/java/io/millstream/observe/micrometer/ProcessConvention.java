package io.millstream.observe.micrometer;

import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;
import io.millstream.observe.Processing.Result;
import java.util.Locale;

/** How a delivery is called, by OpenTelemetry's conventions for messaging spans. */
final class ProcessConvention implements ObservationConvention<ProcessContext> {
  static final String NAME = "millstream.process";

  @Override
  public boolean supportsContext(Observation.Context context) {
    return context instanceof ProcessContext;
  }

  @Override
  public String getName() {
    return NAME;
  }

  @Override
  public String getContextualName(ProcessContext context) {
    return "process " + context.stream();
  }

  @Override
  public KeyValues getLowCardinalityKeyValues(ProcessContext context) {
    Result result = context.result();
    return KeyValues.of(
        KeyValue.of(MessagingKeys.SYSTEM, MessagingKeys.REDIS),
        KeyValue.of(MessagingKeys.OPERATION_NAME, "process"),
        KeyValue.of(MessagingKeys.OPERATION_TYPE, "process"),
        KeyValue.of(MessagingKeys.DESTINATION, context.stream()),
        KeyValue.of(MessagingKeys.GROUP, context.group()),
        KeyValue.of(
            MessagingKeys.OUTCOME,
            result == null ? KeyValue.NONE_VALUE : result.name().toLowerCase(Locale.ROOT)));
  }

  @Override
  public KeyValues getHighCardinalityKeyValues(ProcessContext context) {
    return KeyValues.of(
            KeyValue.of(MessagingKeys.MESSAGE_ID, context.id().toString()),
            KeyValue.of(MessagingKeys.CLIENT_ID, context.consumer()),
            KeyValue.of(MessagingKeys.DELIVERY, Long.toString(context.delivery())))
        .and(Errors.type(context));
  }
}
