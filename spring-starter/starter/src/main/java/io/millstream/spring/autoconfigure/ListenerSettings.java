package io.millstream.spring.autoconfigure;

import io.millstream.policy.RetryPolicy;
import io.millstream.spring.autoconfigure.Setting.In;
import io.millstream.worker.WorkerBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;

/**
 * The settings of one listener, from where they may be set; what comes first goes before.
 *
 * @param layers its own properties, the annotation, the properties of all listeners
 */
record ListenerSettings(List<Layer> layers) {
  /**
   * One place of settings.
   *
   * @param prefix what stands before a property's name, or null if this is the annotation
   * @param place the place in words
   * @param values what is set there
   */
  record Layer(@Nullable String prefix, String place, ListenerProperties values) {
    private String where(String setting, boolean retry) {
      return prefix == null
          ? "The attribute '" + setting + "' of " + place
          : "The property '"
              + prefix
              + (retry ? "retry." : "")
              + DataObjectPropertyName.toDashedForm(setting)
              + "'";
    }
  }

  <T> @Nullable T get(Setting<T> setting) {
    return first(setting.in());
  }

  private <T> @Nullable T first(In<T> in) {
    for (Layer layer : layers) {
      T value = in.of(layer.values());
      if (value != null) {
        return value;
      }
    }
    return null;
  }

  /** Tells a worker all that is set. */
  void tell(WorkerBuilder<?> builder) {
    Setting.OF_WORKERS.forEach(setting -> tell(builder, setting));
    builder.retry(retry());
  }

  private <T> void tell(WorkerBuilder<?> builder, Setting<T> setting) {
    T value = get(setting);
    if (value != null) {
      setting.set().accept(builder, value);
    }
  }

  private RetryPolicy retry() {
    Duration delay = first(all -> all.getRetry().getDelay());
    RetryPolicy policy =
        delay != null && delay.isZero()
            ? RetryPolicy.fixed(delay)
            : RetryPolicy.exponential(delay == null ? Duration.ofSeconds(1) : delay);
    policy = with(policy, RetryPolicy::maxDeliveries, all -> all.getRetry().getMaxDeliveries());
    policy = with(policy, RetryPolicy::multiplier, all -> all.getRetry().getMultiplier());
    policy = with(policy, RetryPolicy::maxDelay, all -> all.getRetry().getMaxDelay());
    policy = with(policy, RetryPolicy::jitter, all -> all.getRetry().getJitter());
    List<Class<? extends Throwable>> deadly = first(all -> all.getRetry().getDeadLetterOn());
    for (Class<? extends Throwable> type :
        deadly == null ? List.<Class<? extends Throwable>>of() : deadly) {
      policy = policy.deadLetterOn(type);
    }
    return policy;
  }

  @FunctionalInterface
  private interface Step<T> {
    RetryPolicy apply(RetryPolicy policy, T value);
  }

  private <T> RetryPolicy with(RetryPolicy policy, Step<T> step, In<T> in) {
    T value = first(in);
    return value == null ? policy : step.apply(policy, value);
  }

  /** Says where a setting stands that a worker has refused. */
  MisconfiguredException refused(String listener, IllegalArgumentException refusal) {
    String message = String.valueOf(refusal.getMessage());
    String name = message.substring(0, Math.max(0, message.indexOf(':')));
    String where = where(name);
    String[] parts = message.split(", (allowed: |expected )", 2);
    return new MisconfiguredException(
        where == null
            ? "The listener " + listener + " is not set up right: " + parts[0] + "."
            : where + " is wrong for the listener " + listener + ": " + parts[0] + ".",
        parts.length == 2 ? "Allowed: " + parts[1] + "." : "See the cause.",
        refusal);
  }

  private @Nullable String where(String name) {
    String known = name.equals("stream name") ? "stream" : name;
    return Stream.concat(
            Stream.concat(
                    Setting.OF_WORKERS.stream(),
                    Stream.of(Setting.STREAM, Setting.GROUP, Setting.BATCH_SIZE))
                .map(setting -> whereIs(setting, known, false)),
            Setting.OF_RETRIES.stream().map(setting -> whereIs(setting, known, true)))
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  private @Nullable String whereIs(Setting<?> setting, String name, boolean retry) {
    if (!setting.name().equals(name)) {
      return null;
    }
    return layers.stream()
        .filter(layer -> setting.in().of(layer.values()) != null)
        .map(layer -> layer.where(name, retry))
        .findFirst()
        .orElse(null);
  }
}
