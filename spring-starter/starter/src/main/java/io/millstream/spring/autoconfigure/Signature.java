package io.millstream.spring.autoconfigure;

import io.millstream.message.Headers;
import io.millstream.message.Message;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.SynthesizingMethodParameter;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.util.ClassUtils;
import org.springframework.validation.annotation.ValidationAnnotationUtils;

/**
 * What a listener's method takes and returns, found out once.
 *
 * @param payload the payload's type
 * @param batch whether it takes a list
 * @param validated whether payloads are validated
 * @param arguments where each parameter's value comes from
 * @param returned what it returns
 */
record Signature(
    Type payload, boolean batch, boolean validated, List<Argument> arguments, Returned returned) {
  private static final String ALLOWED =
      "Allowed parameters: the payload (a String, byte[], Fields or a type that is read from JSON),"
          + " Message<T>, Headers, and headers with @Header; or one List of payloads or of"
          + " messages and nothing beside it. Allowed return types: void, Outcome, Mono, Flux,"
          + " CompletionStage, and for a List BatchOutcomes too.";

  /**
   * Looks at a method.
   *
   * @param bean the name of its bean, for errors
   * @throws MisconfiguredException if no listener can look like that
   */
  static Signature of(String bean, Class<?> beanType, Method method) {
    return new Reading(bean, beanType, method).read();
  }

  private static final class Reading {
    private final String bean;
    private final Class<?> beanType;
    private final Method method;
    private final List<Argument> arguments = new ArrayList<>();
    private @Nullable ResolvableType payload;
    private @Nullable Integer payloadAt;
    private boolean batch;
    private boolean validated;

    Reading(String bean, Class<?> beanType, Method method) {
      this.bean = bean;
      this.beanType = beanType;
      this.method = method;
    }

    Signature read() {
      if (Modifier.isStatic(method.getModifiers())) {
        throw wrong("it is static");
      }
      boolean marked = false;
      for (int i = 0; i < method.getParameterCount(); i++) {
        marked |= parameter(i).hasParameterAnnotation(Payload.class);
      }
      for (int i = 0; i < method.getParameterCount(); i++) {
        arguments.add(argument(parameter(i), marked));
      }
      ResolvableType found = payload;
      if (found == null) {
        throw wrong("no parameter takes the payload");
      }
      if (batch && arguments.size() > 1) {
        throw wrong("it has other parameters beside the List");
      }
      Returned returned = Returned.of(method.getReturnType(), batch);
      if (returned == null) {
        throw wrong("it returns " + method.getReturnType().getName());
      }
      return new Signature(type(found), batch, validated, List.copyOf(arguments), returned);
    }

    private MethodParameter parameter(int index) {
      MethodParameter parameter =
          new SynthesizingMethodParameter(method, index).withContainingClass(beanType);
      parameter.initParameterNameDiscovery(new DefaultParameterNameDiscoverer());
      return parameter;
    }

    private Argument argument(MethodParameter parameter, boolean marked) {
      ResolvableType type = ResolvableType.forMethodParameter(parameter);
      Header header = parameter.getParameterAnnotation(Header.class);
      if (header != null) {
        try {
          return HeaderArgument.of(header, parameter);
        } catch (IllegalArgumentException e) {
          throw wrong(String.valueOf(e.getMessage()));
        }
      }
      if (type.toClass() == Message.class) {
        take(type.getGeneric(0), parameter);
        return messages -> messages.get(0);
      }
      if (type.toClass() == Headers.class) {
        return messages -> messages.get(0).headers();
      }
      if (type.toClass() == List.class) {
        batch = true;
        ResolvableType element = type.getGeneric(0);
        payloadParameter(parameter);
        boolean whole = element.toClass() == Message.class;
        take(whole ? element.getGeneric(0) : element, parameter);
        return whole
            ? messages -> List.copyOf(messages)
            : messages -> messages.stream().<Object>map(Message::payload).toList();
      }
      if (marked && !parameter.hasParameterAnnotation(Payload.class)) {
        throw wrong(place(parameter) + " is neither the @Payload nor a header");
      }
      payloadParameter(parameter);
      take(type, parameter);
      return messages -> messages.get(0).payload();
    }

    private void payloadParameter(MethodParameter parameter) {
      if (payloadAt != null) {
        throw wrong("it takes two payloads, parameters " + payloadAt + " and " + at(parameter));
      }
      payloadAt = at(parameter);
      Payload said = parameter.getParameterAnnotation(Payload.class);
      if (said != null && !said.expression().isEmpty()) {
        throw wrong(place(parameter) + " has an expression in its @Payload");
      }
    }

    private void take(ResolvableType type, MethodParameter parameter) {
      if (type.resolve() == null || type.hasUnresolvableGenerics()) {
        throw wrong(place(parameter) + " does not say which type the payload has");
      }
      if (payload != null && !type.getType().equals(payload.getType())) {
        throw wrong("its parameters disagree about the payload's type");
      }
      payload = type;
      for (Annotation annotation : parameter.getParameterAnnotations()) {
        validated |= ValidationAnnotationUtils.determineValidationHints(annotation) != null;
      }
    }

    /** With the type arguments that the bean's class gives. */
    private static Type type(ResolvableType type) {
      return type.hasGenerics()
          ? ResolvableType.forClassWithGenerics(type.toClass(), type.getGenerics()).getType()
          : ClassUtils.resolvePrimitiveIfNecessary(type.toClass());
    }

    private static int at(MethodParameter parameter) {
      return parameter.getParameterIndex() + 1;
    }

    private static String place(MethodParameter parameter) {
      return "parameter " + at(parameter) + " (" + parameter.getParameterType().getName() + ")";
    }

    private MisconfiguredException wrong(String what) {
      return new MisconfiguredException(
          "The method "
              + method.toGenericString()
              + " of the bean '"
              + bean
              + "' cannot be a @MillstreamListener: "
              + what
              + ".",
          ALLOWED);
    }
  }
}
