package io.millstream.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Says which stream an injected {@code MessagePublisher} writes to:
 *
 * <pre>{@code
 * OrderController(@MillstreamPublisher("order:events") MessagePublisher<Order> orders) { ... }
 * }</pre>
 *
 * <p>The codec follows the type argument, as that of a {@link MillstreamListener} follows the
 * payload, unless there is a {@code MessageStream} bean of that key. All text may hold placeholders
 * and SpEL.
 *
 * @since 0.1
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.FIELD, ElementType.PARAMETER, ElementType.ANNOTATION_TYPE})
public @interface MillstreamPublisher {
  /** The key of the stream. */
  String value();

  /** About how many entries the stream keeps, see {@code PublishSettings}. Default: all. */
  String trimTo() default "";

  /** The bean name of the connection factory. Default: the only one, or the primary one. */
  String connectionFactory() default "";
}
