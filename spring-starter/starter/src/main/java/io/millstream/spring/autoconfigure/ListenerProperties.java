package io.millstream.spring.autoconfigure;

import io.millstream.worker.LostGroup;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.NestedConfigurationProperty;

/**
 * How a listener works. What is null is not set.
 *
 * @since 0.1
 */
public final class ListenerProperties {
  /** Key of the stream. */
  private @Nullable String stream;

  /** Consumer group. */
  private @Nullable String group;

  /** Bean name of the connection factory. By default the only one, or the primary one. */
  private @Nullable String connectionFactory;

  /** Whether it starts with the application. By default as millstream.auto-startup says. */
  private @Nullable Boolean autoStartup;

  /**
   * Name in the group. By default one that no other process has. A fixed name is for one live
   * process at a time.
   */
  private @Nullable String consumer;

  /** Calls at once, 1 to 100000. By default 16. */
  private @Nullable Integer concurrency;

  /** Messages in one call at most, 1 to 10000, for listeners that take a List. By default 100. */
  private @Nullable Integer batchSize;

  /**
   * Messages read before a call is free for them, 0 to 100000. By default as many as may run at
   * once.
   */
  private @Nullable Integer readAhead;

  /** Messages that may wait for their retry before reading stops, 1 or more. By default 10000. */
  private @Nullable Integer maxWaiting;

  /**
   * Time that an entry may lie idle before another worker may take it over, 1s to 24h. By default
   * 60s.
   */
  private @Nullable Duration visibilityTimeout;

  /** Time that a call may take, 1ms or more. By default ten visibility timeouts. */
  private @Nullable Duration handlerTimeout;

  /** Time that a stop waits for calls that run, zero or more. By default 20s. */
  private @Nullable Duration drainTimeout;

  /** Time that a read waits at the server, 10ms to 1m. By default 5s. */
  private @Nullable Duration blockTimeout;

  /**
   * Where the group starts if it has to be created: beginning, end, or the id of the last entry
   * that is not for it. By default beginning.
   */
  private @Nullable String startAt;

  /** What happens when the group is gone. By default resume. */
  private @Nullable LostGroup onLostGroup;

  /** Whether workers tell each other when they have released something. By default false. */
  private @Nullable Boolean nudge;

  /** What happens after a failure. */
  @NestedConfigurationProperty private RetryProperties retry = new RetryProperties();

  public @Nullable String getStream() {
    return stream;
  }

  public void setStream(@Nullable String stream) {
    this.stream = stream;
  }

  public @Nullable String getGroup() {
    return group;
  }

  public void setGroup(@Nullable String group) {
    this.group = group;
  }

  public @Nullable String getConnectionFactory() {
    return connectionFactory;
  }

  public void setConnectionFactory(@Nullable String connectionFactory) {
    this.connectionFactory = connectionFactory;
  }

  public @Nullable Boolean getAutoStartup() {
    return autoStartup;
  }

  public void setAutoStartup(@Nullable Boolean autoStartup) {
    this.autoStartup = autoStartup;
  }

  public @Nullable String getConsumer() {
    return consumer;
  }

  public void setConsumer(@Nullable String consumer) {
    this.consumer = consumer;
  }

  public @Nullable Integer getConcurrency() {
    return concurrency;
  }

  public void setConcurrency(@Nullable Integer concurrency) {
    this.concurrency = concurrency;
  }

  public @Nullable Integer getBatchSize() {
    return batchSize;
  }

  public void setBatchSize(@Nullable Integer batchSize) {
    this.batchSize = batchSize;
  }

  public @Nullable Integer getReadAhead() {
    return readAhead;
  }

  public void setReadAhead(@Nullable Integer readAhead) {
    this.readAhead = readAhead;
  }

  public @Nullable Integer getMaxWaiting() {
    return maxWaiting;
  }

  public void setMaxWaiting(@Nullable Integer maxWaiting) {
    this.maxWaiting = maxWaiting;
  }

  public @Nullable Duration getVisibilityTimeout() {
    return visibilityTimeout;
  }

  public void setVisibilityTimeout(@Nullable Duration visibilityTimeout) {
    this.visibilityTimeout = visibilityTimeout;
  }

  public @Nullable Duration getHandlerTimeout() {
    return handlerTimeout;
  }

  public void setHandlerTimeout(@Nullable Duration handlerTimeout) {
    this.handlerTimeout = handlerTimeout;
  }

  public @Nullable Duration getDrainTimeout() {
    return drainTimeout;
  }

  public void setDrainTimeout(@Nullable Duration drainTimeout) {
    this.drainTimeout = drainTimeout;
  }

  public @Nullable Duration getBlockTimeout() {
    return blockTimeout;
  }

  public void setBlockTimeout(@Nullable Duration blockTimeout) {
    this.blockTimeout = blockTimeout;
  }

  public @Nullable String getStartAt() {
    return startAt;
  }

  public void setStartAt(@Nullable String startAt) {
    this.startAt = startAt;
  }

  public @Nullable LostGroup getOnLostGroup() {
    return onLostGroup;
  }

  public void setOnLostGroup(@Nullable LostGroup onLostGroup) {
    this.onLostGroup = onLostGroup;
  }

  public @Nullable Boolean getNudge() {
    return nudge;
  }

  public void setNudge(@Nullable Boolean nudge) {
    this.nudge = nudge;
  }

  public RetryProperties getRetry() {
    return retry;
  }

  public void setRetry(RetryProperties retry) {
    this.retry = retry;
  }
}
