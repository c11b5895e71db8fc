package io.millstream.spring.autoconfigure;

import io.millstream.Millstream;
import io.millstream.admin.StreamAdmin;
import io.millstream.codec.MessageStream;
import io.millstream.engine.memory.InMemoryServer;
import io.millstream.observe.Observer;
import io.millstream.publish.MessagePublisher;
import io.millstream.spring.ListenerRegistry;
import io.millstream.spring.PublisherCustomizer;
import io.millstream.spring.WorkerCustomizer;
import org.springframework.beans.factory.InjectionPoint;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Role;
import org.springframework.context.annotation.Scope;
import org.springframework.core.env.Environment;
import org.springframework.validation.Validator;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.json.JsonMapper;

/**
 * Millstream for Spring Boot: a {@link Millstream} on the application's own connection to Redis,
 * the listeners that are annotated, and publishers that are injected. Switched off with {@code
 * millstream.enabled=false}.
 *
 * @since 0.1
 */
@AutoConfiguration(
    afterName = {
      "org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration",
      "org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration",
      "org.springframework.boot.validation.autoconfigure.ValidationAutoConfiguration"
    })
@ConditionalOnBooleanProperty(name = "millstream.enabled", matchIfMissing = true)
@EnableConfigurationProperties(MillstreamProperties.class)
@Import({MillstreamRedisConfiguration.class, MillstreamThreadsConfiguration.class})
public final class MillstreamAutoConfiguration {
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnProperty(name = "millstream.engine", havingValue = "memory")
  static class MemoryConfiguration {
    @Bean(destroyMethod = "close")
    @ConditionalOnMissingBean(Millstream.class)
    Millstream millstream(ObjectProvider<Observer> observer) {
      return Millstream.inMemory(
          InMemoryServer.create(Schedulers.parallel()), observer.getIfUnique(() -> Observer.NONE));
    }
  }

  @Bean
  Streams millstreamStreams(
      ObjectProvider<MessageStream<?>> known,
      ObjectProvider<JsonMapper> mapper,
      ObjectProvider<Validator> validator) {
    return new Streams(known, mapper, validator);
  }

  /** Where nothing else opens connections: the one Millstream there is, whatever is named. */
  @Bean
  @ConditionalOnMissingBean(MillstreamSource.class)
  MillstreamSource millstreamSource(ObjectProvider<Millstream> millstream) {
    return connectionFactory -> theOne(millstream);
  }

  static Millstream theOne(ObjectProvider<Millstream> millstream) {
    Millstream found = millstream.getIfUnique();
    if (found == null) {
      throw new MisconfiguredException(
          "There is no Millstream to work on, or there are several: no single or primary"
              + " RedisConnectionFactory, and no Millstream bean.",
          "Add spring-boot-starter-data-redis, make one connection factory @Primary or name it with"
              + " 'connectionFactory', set millstream.engine=memory, or define a Millstream bean.");
    }
    return found;
  }

  @Bean
  @ConditionalOnMissingBean
  @ConditionalOnSingleCandidate(Millstream.class)
  StreamAdmin millstreamAdmin(Millstream millstream) {
    return millstream.admin();
  }

  /** A publisher for each place that wants one. */
  @Bean
  @Scope(BeanDefinition.SCOPE_PROTOTYPE)
  MessagePublisher<?> millstreamPublisher(
      InjectionPoint place,
      ConfigurableListableBeanFactory beans,
      MillstreamSource millstreams,
      Streams streams,
      ObjectProvider<PublisherCustomizer> customizers) {
    return new Publishers(beans, millstreams, streams, customizers).at(place);
  }

  @Bean
  @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
  @ConditionalOnMissingBean
  ListenerRegistry millstreamListeners(
      ConfigurableListableBeanFactory beans,
      Environment environment,
      MillstreamProperties properties,
      MillstreamSource millstreams,
      Streams streams,
      ObjectProvider<WorkerCustomizer> customizers) {
    return new Listeners(
        new ListenerScan(beans),
        new ListenerAssembler(beans, environment, properties, millstreams, streams, customizers),
        properties);
  }
}
