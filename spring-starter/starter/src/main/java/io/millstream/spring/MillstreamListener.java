package io.millstream.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A method that handles the messages of a stream, as a member of a consumer group.
 *
 * <p><b>Parameters</b>, in any order: the payload (a {@code String}, {@code byte[]}, {@code Fields}
 * or any type that is read from JSON; {@code @Payload} where it is not plain which one), {@code
 * Message<T>}, {@code Headers}, and headers one by one with {@code @Header}. For batches a single
 * {@code List} of payloads or of messages. A payload with {@code @Valid} or {@code @Validated} is
 * validated when it is read; one that is not valid becomes a dead letter at once.
 *
 * <p><b>Returns</b>: nothing (the method may block; returning acknowledges, throwing is a failed
 * delivery), an {@code Outcome} (it may block too), a {@code Mono}, a {@code Flux} or a {@code
 * CompletionStage} (the method must not block; completing acknowledges, an emitted {@code Outcome}
 * is obeyed), and for a batch {@code BatchOutcomes} in place of {@code Outcome}.
 *
 * <p>All text may hold placeholders and SpEL. An empty attribute is one that is not set. Every
 * attribute but {@link #id()} and {@link #deadLettersOf()} can also be set as {@code
 * millstream.listeners.<id>.<attribute>}, which goes before the annotation, and as {@code
 * millstream.listener.<attribute>} for all listeners, which goes after it. Durations are written as
 * {@code 30s} or {@code PT30S}.
 *
 * <p>The bean must be a singleton. A stream whose key is that of a {@code MessageStream} bean is
 * read with that bean's codec.
 *
 * @since 0.1
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
public @interface MillstreamListener {
  /**
   * The listener's name in properties, in the {@link ListenerRegistry} and in the actuator; unique
   * in the application. Default: the method's name in kebab case.
   */
  String id() default "";

  /** The key of the stream. */
  String stream() default "";

  /** The consumer group. */
  String group() default "";

  /**
   * A group of the stream whose dead letters are listened to, in place of the stream itself. {@code
   * group} is then the group of those who read the dead letters.
   */
  String deadLettersOf() default "";

  /** The bean name of the connection factory. Default: the only one, or the primary one. */
  String connectionFactory() default "";

  /** Whether it starts with the application. Default: {@code millstream.auto-startup}. */
  String autoStartup() default "";

  /** See {@code WorkerBuilder.consumer}. Default: a name that no other process has. */
  String consumer() default "";

  /** How many calls at once. Default 16. */
  String concurrency() default "";

  /** How many messages a batch has at most. Default 100; only for a {@code List}. */
  String batchSize() default "";

  /** How many messages are read before a call is free for them. Default: as many as may run. */
  String readAhead() default "";

  /** How many messages may wait for their retry before reading stops. Default 10,000. */
  String maxWaiting() default "";

  /** How long an entry may lie idle before another worker may take it over. Default 60 s. */
  String visibilityTimeout() default "";

  /** How long a call may take. Default: ten visibility timeouts. */
  String handlerTimeout() default "";

  /** How long a stop waits for calls that run. Default 20 s. */
  String drainTimeout() default "";

  /** How long a read waits at the server. Default 5 s. */
  String blockTimeout() default "";

  /**
   * Where the group starts if it has to be created: {@code beginning}, {@code end}, or the id of
   * the last entry that is not for it. Default: {@code beginning}.
   */
  String startAt() default "";

  /**
   * What happens when the group is gone: {@code resume}, {@code beginning}, {@code end}, {@code
   * fail}. Default: {@code resume}.
   */
  String onLostGroup() default "";

  /** Whether workers tell each other when they have released something. Default: no. */
  String nudge() default "";

  /** What happens after a failure. */
  MillstreamRetry retry() default @MillstreamRetry;
}
