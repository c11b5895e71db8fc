package io.millstream.spring.autoconfigure;

import io.millstream.spring.MillstreamListener;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.autoproxy.AutoProxyUtils;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;

/** Finds the methods of beans that are listeners. */
final class ListenerScan {
  /** A method of a bean. */
  record Found(String bean, Class<?> beanType, Method method) {}

  private final ConfigurableListableBeanFactory beans;

  ListenerScan(ConfigurableListableBeanFactory beans) {
    this.beans = beans;
  }

  /** All of them, in the order of the beans and then of the methods' names. */
  List<Found> find() {
    List<Found> all = new ArrayList<>();
    for (String bean : beans.getBeanNamesForType(Object.class, true, false)) {
      if (!ScopedProxyUtils.isScopedTarget(bean)) {
        Class<?> type = type(bean);
        if (type != null) {
          methods(type).stream()
              .sorted(Comparator.comparing(Method::getName).thenComparing(Method::toString))
              .forEach(method -> all.add(new Found(bean, type, method)));
        }
      }
    }
    return all;
  }

  private @Nullable Class<?> type(String bean) {
    try {
      return AutoProxyUtils.determineTargetClass(beans, bean);
    } catch (Throwable e) { // a type that cannot be loaded has no listener
      return null;
    }
  }

  /** The methods of a type that are listeners. */
  static Set<Method> methods(Class<?> type) {
    if (!AnnotationUtils.isCandidateClass(type, MillstreamListener.class)) {
      return Set.of();
    }
    return MethodIntrospector.selectMethods(
        type,
        (Method method) -> AnnotatedElementUtils.hasAnnotation(method, MillstreamListener.class));
  }
}
