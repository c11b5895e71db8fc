package io.millstream.observe.micrometer;

/** The names that OpenTelemetry's conventions for messaging spans give to what we know. */
final class MessagingKeys {
  static final String SYSTEM = "messaging.system";
  static final String OPERATION_NAME = "messaging.operation.name";
  static final String OPERATION_TYPE = "messaging.operation.type";
  static final String DESTINATION = "messaging.destination.name";
  static final String GROUP = "messaging.consumer.group.name";
  static final String MESSAGE_ID = "messaging.message.id";
  static final String CLIENT_ID = "messaging.client.id";
  static final String ERROR_TYPE = "error.type";

  /** Not OpenTelemetry's: it has no name for it. */
  static final String DELIVERY = "millstream.delivery";

  /** Not OpenTelemetry's either. */
  static final String OUTCOME = "outcome";

  static final String REDIS = "redis";

  private MessagingKeys() {}
}
