package io.millstream.spring.autoconfigure;

import io.millstream.Millstream;
import io.millstream.observe.Observer;
import java.util.Map;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** On the clients of Spring Data Redis' connection factories, which stay theirs. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass({LettuceConnectionFactory.class, DataRedisConnectionDetails.class})
@ConditionalOnProperty(name = "millstream.engine", havingValue = "redis", matchIfMissing = true)
class MillstreamRedisConfiguration {
  @Bean
  Clients millstreamClients(ObjectProvider<DataRedisConnectionDetails> details) {
    return new Clients(details);
  }

  @Bean(destroyMethod = "close")
  @ConditionalOnMissingBean(Millstream.class)
  @ConditionalOnSingleCandidate(RedisConnectionFactory.class)
  Millstream millstream(
      RedisConnectionFactory factory,
      ConfigurableListableBeanFactory beans,
      Clients clients,
      ObjectProvider<Observer> observer) {
    return clients.millstream(
        name(factory, beans), factory, observer.getIfUnique(() -> Observer.NONE));
  }

  private static String name(RedisConnectionFactory factory, ConfigurableListableBeanFactory all) {
    return all.getBeansOfType(RedisConnectionFactory.class).entrySet().stream()
        .filter(bean -> bean.getValue() == factory)
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse("");
  }

  @Bean
  RedisMillstreams millstreamSource(
      ConfigurableListableBeanFactory beans,
      ObjectProvider<Millstream> millstream,
      Clients clients,
      ObjectProvider<Observer> observer) {
    return new RedisMillstreams(
        beans,
        () -> MillstreamAutoConfiguration.theOne(millstream),
        clients,
        observer.getIfUnique(() -> Observer.NONE));
  }
}
