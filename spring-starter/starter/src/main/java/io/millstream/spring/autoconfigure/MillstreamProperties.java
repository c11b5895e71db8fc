package io.millstream.spring.autoconfigure;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;

/**
 * The properties {@code millstream.*}.
 *
 * @since 0.1
 */
@ConfigurationProperties("millstream")
public final class MillstreamProperties {
  /** What stands behind Millstream. */
  public enum Engine {
    /** Redis, over the connection factory of Spring Data Redis. */
    REDIS,
    /** A Redis in memory, in this process and in real time. What is in it ends with it. */
    MEMORY
  }

  /** Whether Millstream is configured at all. */
  private boolean enabled = true;

  /** What stands behind it: Redis, or one in memory for local work. */
  private Engine engine = Engine.REDIS;

  /** Whether listeners start with the application. */
  private boolean autoStartup = true;

  /** Whether the application fails to start if a listener does not get through to Redis. */
  private boolean failFast;

  /** Time that the start waits for listeners to get through, with millstream.fail-fast. */
  private Duration failFastTimeout = Duration.ofSeconds(10);

  /** For all listeners, where neither the annotation nor the listener's own properties say else. */
  @NestedConfigurationProperty private ListenerProperties listener = new ListenerProperties();

  /** For single listeners, by id; before the annotation. */
  private Map<String, ListenerProperties> listeners = new LinkedHashMap<>();

  /** When health is down. */
  private final Health health = new Health();

  public boolean isEnabled() {
    return enabled;
  }

  public void setEnabled(boolean enabled) {
    this.enabled = enabled;
  }

  public Engine getEngine() {
    return engine;
  }

  public void setEngine(Engine engine) {
    this.engine = engine;
  }

  public boolean isAutoStartup() {
    return autoStartup;
  }

  public void setAutoStartup(boolean autoStartup) {
    this.autoStartup = autoStartup;
  }

  public boolean isFailFast() {
    return failFast;
  }

  public void setFailFast(boolean failFast) {
    this.failFast = failFast;
  }

  public Duration getFailFastTimeout() {
    return failFastTimeout;
  }

  public void setFailFastTimeout(Duration failFastTimeout) {
    this.failFastTimeout = failFastTimeout;
  }

  public ListenerProperties getListener() {
    return listener;
  }

  public void setListener(ListenerProperties listener) {
    this.listener = listener;
  }

  public Map<String, ListenerProperties> getListeners() {
    return listeners;
  }

  public void setListeners(Map<String, ListenerProperties> listeners) {
    this.listeners = listeners;
  }

  public Health getHealth() {
    return health;
  }

  /** When health is down. */
  public static final class Health {
    /** Time that a listener may back off, or take to start, before health is down. */
    private Duration downAfter = Duration.ofSeconds(60);

    /** Time that the loop of a listener may owe an answer before it counts as hung. */
    private Duration hungAfter = Duration.ofSeconds(30);

    public Duration getDownAfter() {
      return downAfter;
    }

    public void setDownAfter(Duration downAfter) {
      this.downAfter = downAfter;
    }

    public Duration getHungAfter() {
      return hungAfter;
    }

    public void setHungAfter(Duration hungAfter) {
      this.hungAfter = hungAfter;
    }
  }
}
