package io.millstream.observe.micrometer;

import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;
import io.millstream.entry.EntryId;

/** How a publish is called, by OpenTelemetry's conventions for messaging spans. */
final class PublishConvention implements ObservationConvention<PublishContext> {
  static final String NAME = "millstream.publish";

  @Override
  public boolean supportsContext(Observation.Context context) {
    return context instanceof PublishContext;
  }

  @Override
  public String getName() {
    return NAME;
  }

  @Override
  public String getContextualName(PublishContext context) {
    return "publish " + context.stream();
  }

  @Override
  public KeyValues getLowCardinalityKeyValues(PublishContext context) {
    return KeyValues.of(
        KeyValue.of(MessagingKeys.SYSTEM, MessagingKeys.REDIS),
        KeyValue.of(MessagingKeys.OPERATION_NAME, "publish"),
        KeyValue.of(MessagingKeys.OPERATION_TYPE, "send"),
        KeyValue.of(MessagingKeys.DESTINATION, context.stream()),
        KeyValue.of(MessagingKeys.OUTCOME, outcome(context)));
  }

  private static String outcome(PublishContext context) {
    if (context.getError() != null) {
      return "failure";
    }
    return context.id() == null ? "cancelled" : "success";
  }

  @Override
  public KeyValues getHighCardinalityKeyValues(PublishContext context) {
    EntryId id = context.id();
    KeyValues known =
        id == null ? KeyValues.empty() : KeyValues.of(MessagingKeys.MESSAGE_ID, id.toString());
    return known.and(Errors.type(context));
  }
}
