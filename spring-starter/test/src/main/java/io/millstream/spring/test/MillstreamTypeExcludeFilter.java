package io.millstream.spring.test;

import io.millstream.spring.MillstreamListener;
import io.millstream.spring.PublisherCustomizer;
import io.millstream.spring.WorkerCustomizer;
import java.io.IOException;
import java.util.Set;
import org.springframework.boot.test.context.filter.annotation.StandardAnnotationCustomizableTypeExcludeFilter;
import org.springframework.core.type.classreading.MetadataReader;
import org.springframework.core.type.classreading.MetadataReaderFactory;

/** Lets through the components that have to do with listeners. */
final class MillstreamTypeExcludeFilter
    extends StandardAnnotationCustomizableTypeExcludeFilter<MillstreamTest> {
  MillstreamTypeExcludeFilter(Class<?> testClass) {
    super(testClass);
  }

  @Override
  protected Set<Class<?>> getKnownIncludes() {
    return Set.of(WorkerCustomizer.class, PublisherCustomizer.class);
  }

  @Override
  protected boolean defaultInclude(MetadataReader component, MetadataReaderFactory factory)
      throws IOException {
    return component.getAnnotationMetadata().hasAnnotatedMethods(MillstreamListener.class.getName())
        || super.defaultInclude(component, factory);
  }
}
