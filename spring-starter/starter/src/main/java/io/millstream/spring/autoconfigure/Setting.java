package io.millstream.spring.autoconfigure;

import io.millstream.entry.EntryId;
import io.millstream.worker.GroupStart;
import io.millstream.worker.WorkerBuilder;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A setting of a worker and where it stands in the properties.
 *
 * @param name as the worker's own errors and the annotation name it
 * @param in its value in the properties, null if it is not set
 * @param set tells the worker
 */
record Setting<T>(String name, In<T> in, BiConsumer<WorkerBuilder<?>, T> set) {
  /** Where a value stands in the properties. */
  @FunctionalInterface
  interface In<T> {
    @Nullable T of(ListenerProperties properties);
  }

  static final Setting<String> STREAM = read("stream", ListenerProperties::getStream);
  static final Setting<String> GROUP = read("group", ListenerProperties::getGroup);
  static final Setting<String> CONNECTION_FACTORY =
      read("connectionFactory", ListenerProperties::getConnectionFactory);
  static final Setting<Boolean> AUTO_STARTUP =
      read("autoStartup", ListenerProperties::getAutoStartup);
  static final Setting<Integer> BATCH_SIZE = read("batchSize", ListenerProperties::getBatchSize);

  /** What a worker is told one by one. */
  static final List<Setting<?>> OF_WORKERS =
      List.of(
          of("consumer", ListenerProperties::getConsumer, WorkerBuilder::consumer),
          of("concurrency", ListenerProperties::getConcurrency, WorkerBuilder::concurrency),
          of("readAhead", ListenerProperties::getReadAhead, WorkerBuilder::readAhead),
          of("maxWaiting", ListenerProperties::getMaxWaiting, WorkerBuilder::maxWaiting),
          of(
              "visibilityTimeout",
              ListenerProperties::getVisibilityTimeout,
              WorkerBuilder::visibilityTimeout),
          of(
              "handlerTimeout",
              ListenerProperties::getHandlerTimeout,
              WorkerBuilder::handlerTimeout),
          of("drainTimeout", ListenerProperties::getDrainTimeout, WorkerBuilder::drainTimeout),
          of("blockTimeout", ListenerProperties::getBlockTimeout, WorkerBuilder::blockTimeout),
          of(
              "startAt",
              ListenerProperties::getStartAt,
              (builder, where) -> builder.startAt(start(where))),
          of("onLostGroup", ListenerProperties::getOnLostGroup, WorkerBuilder::onLostGroup),
          of("nudge", ListenerProperties::getNudge, WorkerBuilder::nudge));

  /** What a retry policy is made of; {@link ListenerSettings} makes it. */
  static final List<Setting<?>> OF_RETRIES =
      List.of(
          read("maxDeliveries", all -> all.getRetry().getMaxDeliveries()),
          read("delay", all -> all.getRetry().getDelay()),
          read("multiplier", all -> all.getRetry().getMultiplier()),
          read("maxDelay", all -> all.getRetry().getMaxDelay()),
          read("jitter", all -> all.getRetry().getJitter()));

  private static <T> Setting<T> of(String name, In<T> in, BiConsumer<WorkerBuilder<?>, T> set) {
    return new Setting<>(name, in, set);
  }

  private static <T> Setting<T> read(String name, In<T> in) {
    return new Setting<>(name, in, (builder, value) -> {});
  }

  private static GroupStart start(String where) {
    return switch (where) {
      case "beginning" -> GroupStart.beginning();
      case "end" -> GroupStart.end();
      default -> {
        try {
          yield GroupStart.after(EntryId.parse(where));
        } catch (IllegalArgumentException e) {
          throw new IllegalArgumentException(
              "startAt: '" + where + "', allowed: beginning, end, or an id as 1767225600000-0", e);
        }
      }
    };
  }
}
