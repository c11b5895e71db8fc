package io.millstream.spring.autoconfigure;

import io.millstream.publish.MessagePublisher;
import io.millstream.spring.MillstreamPublisher;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.BindingReflectionHintsRegistrar;
import org.springframework.aot.hint.ExecutableMode;
import org.springframework.aot.hint.ReflectionHints;
import org.springframework.beans.factory.aot.BeanRegistrationAotContribution;
import org.springframework.beans.factory.aot.BeanRegistrationAotProcessor;
import org.springframework.beans.factory.support.RegisteredBean;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.util.ReflectionUtils;

/** Keeps in a native image what is reflected: listener methods, and payloads with their parts. */
final class ListenerHints implements BeanRegistrationAotProcessor {
  @Override
  public @Nullable BeanRegistrationAotContribution processAheadOfTime(RegisteredBean bean) {
    Class<?> type = bean.getBeanClass();
    Set<Method> listeners = ListenerScan.methods(type);
    Set<Type> payloads = new HashSet<>();
    listeners.forEach(
        method -> payloads.add(Signature.of(bean.getBeanName(), type, method).payload()));
    published(type).forEach(payloads::add);
    return payloads.isEmpty()
        ? null
        : (generation, code) ->
            register(generation.getRuntimeHints().reflection(), listeners, payloads);
  }

  private static void register(ReflectionHints hints, Set<Method> listeners, Set<Type> payloads) {
    listeners.forEach(method -> hints.registerMethod(method, ExecutableMode.INVOKE));
    new BindingReflectionHintsRegistrar()
        .registerReflectionHints(hints, payloads.toArray(Type[]::new));
  }

  /** What publishers that are injected into a bean of this type publish. */
  private static Stream<Type> published(Class<?> type) {
    Stream<Executable> executables =
        Stream.concat(
            Arrays.stream(type.getDeclaredConstructors()),
            Arrays.stream(ReflectionUtils.getUniqueDeclaredMethods(type)));
    Stream<Type> parameters =
        executables
            .flatMap(executable -> Arrays.stream(executable.getParameters()))
            .filter(ListenerHints::isAnnotated)
            .map(Parameter::getParameterizedType);
    Stream<Type> fields =
        Arrays.stream(type.getDeclaredFields())
            .filter(ListenerHints::isAnnotated)
            .map(Field::getGenericType);
    return Stream.concat(parameters, fields)
        .map(ResolvableType::forType)
        .filter(wanted -> wanted.toClass() == MessagePublisher.class && wanted.hasGenerics())
        .map(wanted -> wanted.getGeneric(0).getType());
  }

  private static boolean isAnnotated(AnnotatedElement element) {
    return AnnotatedElementUtils.isAnnotated(element, MillstreamPublisher.class);
  }
}
