package io.millstream.spring.autoconfigure;

import io.millstream.spring.MillstreamListener;
import java.lang.reflect.Method;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationAttributes;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringValueResolver;

/**
 * What a listener's annotation says, placeholders and expressions resolved.
 *
 * @param id the listener's id
 * @param deadLettersOf the group whose dead letters it reads, or null
 * @param place the annotation, in words
 * @param values its other attributes
 */
record ListenerAnnotation(
    String id, @Nullable String deadLettersOf, String place, ListenerProperties values) {
  private static final Pattern ID = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");
  private static final String PREFIX = "annotation";

  /**
   * Reads the annotation of a method that has one.
   *
   * @throws MisconfiguredException if an attribute cannot be understood
   */
  static ListenerAnnotation of(Method method, Class<?> beanType, StringValueResolver resolver) {
    AnnotationAttributes attributes =
        AnnotatedElementUtils.getMergedAnnotationAttributes(
            method, MillstreamListener.class.getName(), false, true);
    if (attributes == null) {
      throw new IllegalArgumentException(method + " has no @MillstreamListener");
    }
    String place =
        "@MillstreamListener on "
            + ClassUtils.getUserClass(beanType).getSimpleName()
            + "."
            + method.getName();
    String id = resolve(attributes.getString("id"), resolver);
    if (id.isEmpty()) {
      id = DataObjectPropertyName.toDashedForm(method.getName()).toLowerCase(Locale.ROOT);
    }
    if (!ID.matcher(id).matches()) {
      throw new MisconfiguredException(
          "The id of " + place + " is '" + id + "'.",
          "Allowed: small letters, digits and dashes, as in 'charge-orders', so that it can stand"
              + " in a property.");
    }
    String deadLettersOf = resolve(attributes.getString("deadLettersOf"), resolver);
    attributes.remove("id");
    attributes.remove("deadLettersOf");
    return new ListenerAnnotation(
        id,
        deadLettersOf.isEmpty() ? null : deadLettersOf,
        place,
        bind(attributes, place, resolver));
  }

  private static ListenerProperties bind(
      AnnotationAttributes attributes, String place, StringValueResolver resolver) {
    Map<String, Object> set = new TreeMap<>();
    gather(PREFIX, attributes, set, resolver);
    try {
      return new Binder(new MapConfigurationPropertySource(set))
          .bind(PREFIX, Bindable.of(ListenerProperties.class))
          .orElseGet(ListenerProperties::new);
    } catch (BindException e) {
      Throwable reason = e.getCause() == null ? e : e.getCause();
      throw new MisconfiguredException(
          "The attribute '"
              + camelCase(e.getName().toString())
              + "' of "
              + place
              + " has the value '"
              + (e.getProperty() == null ? "" : e.getProperty().getValue())
              + "'.",
          "It cannot be understood: " + reason.getMessage(),
          e);
    }
  }

  private static String camelCase(String name) {
    return Pattern.compile("-(.)")
        .matcher(name.substring(PREFIX.length() + 1))
        .replaceAll(match -> match.group(1).toUpperCase(Locale.ROOT));
  }

  private static void gather(
      String prefix, AnnotationAttributes from, Map<String, Object> set, StringValueResolver with) {
    from.forEach(
        (name, value) -> {
          String key = prefix + "." + DataObjectPropertyName.toDashedForm(name);
          if (value instanceof AnnotationAttributes nested) {
            gather(key, nested, set, with);
          } else if (value instanceof String text && !resolve(text, with).isEmpty()) {
            set.put(key, resolve(text, with));
          } else if (value instanceof Class<?>[] types && types.length > 0) {
            set.put(key, types);
          }
        });
  }

  private static String resolve(String text, StringValueResolver resolver) {
    String resolved = text.isEmpty() ? text : resolver.resolveStringValue(text);
    return resolved == null ? "" : resolved.strip();
  }
}
