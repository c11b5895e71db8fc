package io.millstream.spring.autoconfigure;

import io.millstream.Millstream;
import io.millstream.observe.Observer;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/**
 * One Millstream for each connection factory that somebody names, beside the one that is a bean.
 */
final class RedisMillstreams implements MillstreamSource, DisposableBean {
  private final ConfigurableListableBeanFactory beans;
  private final Supplier<Millstream> primary;
  private final Clients clients;
  private final Observer observer;
  private final Map<String, Millstream> named = new ConcurrentHashMap<>();

  RedisMillstreams(
      ConfigurableListableBeanFactory beans,
      Supplier<Millstream> primary,
      Clients clients,
      Observer observer) {
    this.beans = beans;
    this.primary = primary;
    this.clients = clients;
    this.observer = observer;
  }

  @Override
  public Millstream on(String connectionFactory) {
    return connectionFactory.isEmpty()
        ? primary.get()
        : named.computeIfAbsent(connectionFactory, this::open);
  }

  private Millstream open(String name) {
    String[] known = beans.getBeanNamesForType(RedisConnectionFactory.class);
    if (!Arrays.asList(known).contains(name)) {
      throw new MisconfiguredException(
          "There is no connection factory '" + name + "'.",
          "Allowed: the bean name of a RedisConnectionFactory, " + Arrays.toString(known) + ".");
    }
    RedisConnectionFactory factory = beans.getBean(name, RedisConnectionFactory.class);
    return clients.millstream(name, factory, observer);
  }

  @Override
  public void destroy() {
    named.values().forEach(Millstream::close);
  }
}
