package io.millstream.spring.autoconfigure;

import io.millstream.codec.MessageStream;
import io.millstream.publish.MessagePublisher;
import io.millstream.publish.PublishSettings;
import io.millstream.spring.MillstreamPublisher;
import io.millstream.spring.PublisherCustomizer;
import java.lang.annotation.Annotation;
import java.lang.reflect.Member;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.InjectionPoint;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.config.DependencyDescriptor;
import org.springframework.beans.factory.config.EmbeddedValueResolver;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.util.StringValueResolver;

/** Makes the publisher that a place of injection asks for. */
final class Publishers {
  private final StringValueResolver resolver;
  private final MillstreamSource millstreams;
  private final Streams streams;
  private final ObjectProvider<PublisherCustomizer> customizers;

  Publishers(
      ConfigurableListableBeanFactory beans,
      MillstreamSource millstreams,
      Streams streams,
      ObjectProvider<PublisherCustomizer> customizers) {
    this.resolver = new EmbeddedValueResolver(beans);
    this.millstreams = millstreams;
    this.streams = streams;
    this.customizers = customizers;
  }

  /**
   * The publisher for a place.
   *
   * @throws MisconfiguredException if the place does not say which
   */
  MessagePublisher<?> at(InjectionPoint place) {
    MillstreamPublisher wanted = annotation(place);
    ResolvableType payload =
        place instanceof DependencyDescriptor descriptor
            ? descriptor.getResolvableType().as(MessagePublisher.class).getGeneric(0)
            : ResolvableType.NONE;
    if (wanted == null || payload.resolve() == null || payload.hasUnresolvableGenerics()) {
      throw new MisconfiguredException(
          "A MessagePublisher is wanted at " + name(place) + ", and it is not said for what.",
          "Say it with @MillstreamPublisher(\"the:stream\") MessagePublisher<Payload>, or define a"
              + " bean of that type.");
    }
    try {
      return publisher(wanted, payload);
    } catch (IllegalArgumentException e) {
      throw new MisconfiguredException(
          "The @MillstreamPublisher at " + name(place) + " is wrong: " + e.getMessage() + ".",
          "See what it names.",
          e);
    }
  }

  private MessagePublisher<?> publisher(MillstreamPublisher wanted, ResolvableType payload) {
    MessageStream<?> stream = streams.stream(resolve(wanted.value()), payload.getType());
    String trimTo = resolve(wanted.trimTo());
    PublishSettings settings =
        trimTo.isEmpty() ? PublishSettings.DEFAULTS : PublishSettings.trimTo(number(trimTo));
    for (PublisherCustomizer customizer : customizers.orderedStream().toList()) {
      settings = customizer.customize(stream.name(), settings);
    }
    return millstreams.on(resolve(wanted.connectionFactory())).publisher(stream, settings);
  }

  private static long number(String trimTo) {
    try {
      return Long.parseLong(trimTo);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("trimTo: '" + trimTo + "', expected a number", e);
    }
  }

  private String resolve(String text) {
    String resolved = text.isEmpty() ? text : resolver.resolveStringValue(text);
    return resolved == null ? "" : resolved.strip();
  }

  private static @Nullable MillstreamPublisher annotation(InjectionPoint place) {
    for (Annotation annotation : place.getAnnotations()) {
      MillstreamPublisher direct = annotation instanceof MillstreamPublisher is ? is : null;
      MillstreamPublisher found =
          direct != null
              ? direct
              : AnnotatedElementUtils.findMergedAnnotation(
                  annotation.annotationType(), MillstreamPublisher.class);
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  private static String name(InjectionPoint place) {
    return Optional.ofNullable(place.getMethodParameter())
        .<Object>map(
            parameter ->
                parameter.getExecutable() + ", parameter " + (parameter.getParameterIndex() + 1))
        .orElseGet(() -> member(place))
        .toString();
  }

  private static Object member(InjectionPoint place) {
    Member member = place.getMember();
    return member.getDeclaringClass().getName() + "." + member.getName();
  }
}
