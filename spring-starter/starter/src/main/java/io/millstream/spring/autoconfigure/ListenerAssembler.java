package io.millstream.spring.autoconfigure;

import io.millstream.Millstream;
import io.millstream.codec.MessageStream;
import io.millstream.spring.WorkerCustomizer;
import io.millstream.spring.autoconfigure.ListenerSettings.Layer;
import io.millstream.worker.Worker;
import io.millstream.worker.WorkerBuilder;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Locale;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.config.EmbeddedValueResolver;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/** Puts a listener together: its method, its stream and its settings, from all places. */
final class ListenerAssembler {
  private static final int DEFAULT_BATCH = 100;
  private static final String PREFIX = "millstream.listeners.";

  private final ConfigurableListableBeanFactory beans;
  private final Environment environment;
  private final MillstreamProperties properties;
  private final MillstreamSource millstreams;
  private final Streams streams;
  private final ObjectProvider<WorkerCustomizer> customizers;

  ListenerAssembler(
      ConfigurableListableBeanFactory beans,
      Environment environment,
      MillstreamProperties properties,
      MillstreamSource millstreams,
      Streams streams,
      ObjectProvider<WorkerCustomizer> customizers) {
    this.beans = beans;
    this.environment = environment;
    this.properties = properties;
    this.millstreams = millstreams;
    this.streams = streams;
    this.customizers = customizers;
  }

  /**
   * The listener of a method.
   *
   * @throws MisconfiguredException if something is wrong with it
   */
  Listener assemble(String bean, Class<?> beanType, Method method) {
    if (!beans.isSingleton(bean)) {
      throw new MisconfiguredException(
          "The bean '" + bean + "' has a @MillstreamListener and is not a singleton.",
          "Give it the scope singleton, or move the listener to a bean that has it.");
    }
    ListenerAnnotation annotation =
        ListenerAnnotation.of(method, beanType, new EmbeddedValueResolver(beans));
    Signature signature = Signature.of(bean, beanType, method);
    ListenerSettings settings = settings(annotation);
    requireBatch(annotation, settings, signature);
    String factory = settings.get(Setting.CONNECTION_FACTORY);
    Millstream millstream = millstreams.on(factory == null ? "" : factory);
    MessageStream<?> stream = stream(annotation, settings, signature);
    String group = required(annotation, settings, Setting.GROUP);
    ListenerMethod handler = new ListenerMethod(beans.getBean(bean), method, signature);
    Boolean autoStartup = settings.get(Setting.AUTO_STARTUP);
    return new Listener(
        annotation.id(),
        millstream,
        stream,
        autoStartup == null ? properties.isAutoStartup() : autoStartup,
        () -> build(annotation, settings, millstream.worker(stream, group), handler));
  }

  private ListenerSettings settings(ListenerAnnotation annotation) {
    String id = annotation.id();
    ListenerProperties own =
        properties.getListeners().keySet().stream().anyMatch(key -> isKeyOf(key, id))
            ? Binder.get(environment)
                .bind(PREFIX + id, Bindable.of(ListenerProperties.class))
                .orElseGet(ListenerProperties::new)
            : new ListenerProperties();
    return new ListenerSettings(
        List.of(
            new Layer(PREFIX + id + ".", "", own),
            new Layer(null, annotation.place(), annotation.values()),
            new Layer("millstream.listener.", "", properties.getListener())));
  }

  /** Whether a key of {@code millstream.listeners} means this listener, as Boot relaxes names. */
  static boolean isKeyOf(String key, String id) {
    return key.replaceAll("[-_]", "").toLowerCase(Locale.ROOT).equals(id.replace("-", ""));
  }

  private static void requireBatch(
      ListenerAnnotation annotation, ListenerSettings settings, Signature signature) {
    boolean asked =
        settings.layers().subList(0, 2).stream()
            .anyMatch(layer -> layer.values().getBatchSize() != null);
    if (asked && !signature.batch()) {
      throw new MisconfiguredException(
          "The listener '"
              + annotation.id()
              + "' ("
              + annotation.place()
              + ") has a batch size and takes no batches.",
          "Let its method take a List, or leave the batch size out.");
    }
  }

  private MessageStream<?> stream(
      ListenerAnnotation annotation, ListenerSettings settings, Signature signature) {
    String key = required(annotation, settings, Setting.STREAM);
    try {
      MessageStream<?> stream = streams.stream(key, signature.payload());
      if (signature.validated()) {
        stream = validated(annotation, stream);
      }
      String letters = annotation.deadLettersOf();
      return letters == null ? stream : stream.deadLetters(letters);
    } catch (IllegalArgumentException e) {
      throw settings.refused(name(annotation), e);
    }
  }

  private MessageStream<?> validated(ListenerAnnotation annotation, MessageStream<?> stream) {
    MessageStream<?> validated = streams.validated(stream);
    if (validated == null) {
      throw new MisconfiguredException(
          "The payload of "
              + annotation.place()
              + " is to be validated, and there is no Validator.",
          "Add spring-boot-starter-validation, or leave @Valid out.");
    }
    return validated;
  }

  private static String required(
      ListenerAnnotation annotation, ListenerSettings settings, Setting<String> setting) {
    String value = settings.get(setting);
    if (value == null) {
      throw new MisconfiguredException(
          "The listener '"
              + annotation.id()
              + "' ("
              + annotation.place()
              + ") has no "
              + setting.name()
              + ".",
          "Set the attribute '"
              + setting.name()
              + "', or the property '"
              + PREFIX
              + annotation.id()
              + "."
              + setting.name()
              + "'.");
    }
    return value;
  }

  private Worker build(
      ListenerAnnotation annotation,
      ListenerSettings settings,
      WorkerBuilder<?> builder,
      ListenerMethod handler) {
    Integer batchSize = settings.get(Setting.BATCH_SIZE);
    try {
      settings.tell(builder);
      handler.handle(builder, batchSize == null ? DEFAULT_BATCH : batchSize);
      customizers.orderedStream().forEach(each -> each.customize(annotation.id(), builder));
      return builder.build();
    } catch (IllegalArgumentException e) {
      throw settings.refused(name(annotation), e);
    }
  }

  private static String name(ListenerAnnotation annotation) {
    return "'" + annotation.id() + "' (" + annotation.place() + ")";
  }
}
