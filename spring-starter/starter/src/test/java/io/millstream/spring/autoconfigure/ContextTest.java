package io.millstream.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.RedisURI;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millstream.Millstream;
import io.millstream.admin.GroupStatus;
import io.millstream.admin.StreamAdmin;
import io.millstream.codec.MessageStream;
import io.millstream.observe.Observer;
import io.millstream.publish.MessagePublisher;
import io.millstream.publish.PublishSettings;
import io.millstream.spring.ListenerRegistry;
import io.millstream.spring.MillstreamListener;
import io.millstream.spring.MillstreamPublisher;
import io.millstream.spring.PublisherCustomizer;
import io.millstream.spring.WorkerCustomizer;
import io.millstream.testing.TestRedis;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.context.annotation.UserConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;

/** The applications in which Millstream may find itself. */
class ContextTest {
  private static final RedisURI SERVER = RedisURI.create(TestRedis.uri());

  /** Publishes and handles, as most applications do. */
  static class Orders {
    final List<String> seen = new CopyOnWriteArrayList<>();
    final MessagePublisher<String> publisher;

    Orders(@MillstreamPublisher("${the.stream:orders}") MessagePublisher<String> publisher) {
      this.publisher = publisher;
    }

    @MillstreamListener(stream = "${the.stream:orders}", group = "g")
    void charge(String order) {
      seen.add(order);
    }

    void roundTrip(String order) {
      publisher.publish(order).block(Duration.ofSeconds(10));
      await().untilAsserted(() -> assertThat(seen).containsExactly(order));
    }
  }

  private static ApplicationContextRunner app() {
    return Apps.plain().withBean(Orders.class);
  }

  private static ApplicationContextRunner onServer() {
    return app()
        .withPropertyValues(
            "spring.data.redis.url=" + TestRedis.uri(), "the.stream=" + TestRedis.key());
  }

  private static String causes(@Nullable Throwable failure) {
    StringBuilder all = new StringBuilder();
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      all.append(cause.getMessage()).append('\n');
    }
    return all.toString();
  }

  private static void refused(ApplicationContextRunner app, String... said) {
    app.run(context -> assertThat(causes(context.getStartupFailure())).contains(said));
  }

  @Test
  void inMemoryThereIsNoConnectionToRedis() {
    app()
        .withPropertyValues("millstream.engine=memory", "spring.data.redis.port=1")
        .run(context -> context.getBean(Orders.class).roundTrip("a"));
  }

  @Test
  void inMemoryNothingOfSpringDataRedisIsNeeded() {
    app()
        .withClassLoader(
            new FilteredClassLoader("org.springframework.data", "org.springframework.boot.data"))
        .withPropertyValues("millstream.engine=memory")
        .run(context -> context.getBean(Orders.class).roundTrip("a"));
  }

  @Test
  void withoutSpringDataRedisAListenerSaysWhatIsMissing() {
    refused(
        app()
            .withClassLoader(
                new FilteredClassLoader(
                    "org.springframework.data", "org.springframework.boot.data")),
        "There is no Millstream to work on",
        "millstream.engine=memory");
  }

  @Test
  void withoutListenersAndPublishersNothingIsMissing() {
    Apps.plain()
        .withClassLoader(
            new FilteredClassLoader("org.springframework.data", "org.springframework.boot.data"))
        .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(Millstream.class));
  }

  @Test
  void switchedOffThereIsNothing() {
    Apps.plain()
        .withPropertyValues("millstream.enabled=false")
        .withBean(MeterRegistry.class, SimpleMeterRegistry::new)
        .run(
            context ->
                assertThat(context)
                    .hasNotFailed()
                    .doesNotHaveBean(Millstream.class)
                    .doesNotHaveBean(ListenerRegistry.class)
                    .doesNotHaveBean(Observer.class));
  }

  @Test
  @Tag("redis")
  void onAServerItWorksOverTheApplicationsConnection() {
    onServer().run(context -> context.getBean(Orders.class).roundTrip("a"));
  }

  @Test
  @Tag("redis")
  void stoppedAndStartedAgainTheApplicationWorksOnWithItsNewClient() {
    onServer()
        .run(
            context -> {
              Orders orders = context.getBean(Orders.class);
              orders.roundTrip("a");
              context.stop();
              context.start();
              ListenerRegistry listeners = context.getBean(ListenerRegistry.class);
              listeners.worker("charge").whenRunning().block(Duration.ofSeconds(20));
              orders.seen.clear();
              orders.roundTrip("b");
            });
  }

  @Test
  @Tag("redis")
  void theDatabaseAndTheTimeoutOfTheApplicationsConnectionAreHeeded() {
    app()
        .withPropertyValues(
            "the.stream=" + TestRedis.key(),
            "spring.data.redis.host=" + SERVER.getHost(),
            "spring.data.redis.port=" + SERVER.getPort(),
            "spring.data.redis.database=3",
            "spring.data.redis.timeout=300ms",
            "millstream.listener.block-timeout=1s")
        .run(
            context -> {
              Orders orders = context.getBean(Orders.class);
              ListenerRegistry listeners = context.getBean(ListenerRegistry.class);
              listeners.worker("charge").whenRunning().block(Duration.ofSeconds(10));
              // three reads that wait longer at the server than the client's timeout
              await()
                  .during(Duration.ofSeconds(3))
                  .until(() -> listeners.worker("charge").trouble().isEmpty());
              orders.roundTrip("a");
              String stream = listeners.worker("charge").stream();
              assertThat(context.getBean(StringRedisTemplate.class).hasKey(stream)).isTrue();
            });
    assertThat(SERVER.getDatabase()).isZero();
  }

  @Test
  void sentinelsAreRefusedUntilMillstreamWorksWithThem() {
    refused(
        app()
            .withPropertyValues(
                "spring.data.redis.sentinel.master=m",
                "spring.data.redis.sentinel.nodes=localhost:1"),
        "leads to Sentinels (spring.data.redis.sentinel)",
        "single Redis or Valkey server so far");
  }

  @Test
  void aClusterIsRefusedUntilMillstreamWorksWithIt() {
    refused(
        app().withPropertyValues("spring.data.redis.cluster.nodes=localhost:1"),
        "leads to a cluster (spring.data.redis.cluster)",
        "single Redis or Valkey server so far");
  }

  @Test
  void aStaticMasterWithReplicasIsRefused() {
    refused(
        app().withPropertyValues("spring.data.redis.masterreplica.nodes=localhost:1,localhost:2"),
        "leads to a static master and replicas (spring.data.redis.masterreplica)");
  }

  @Test
  void jedisIsRefused() {
    refused(
        app().withPropertyValues("spring.data.redis.client-type=jedis"),
        "the connection factory 'redisConnectionFactory' is a JedisConnectionFactory",
        "spring.data.redis.client-type");
  }

  @Configuration(proxyBeanMethods = false)
  static class TwoFactories {
    @Bean
    LettuceConnectionFactory one() {
      return factory(4);
    }

    @Bean
    LettuceConnectionFactory other() {
      return factory(5);
    }

    private static LettuceConnectionFactory factory(int database) {
      RedisStandaloneConfiguration server =
          new RedisStandaloneConfiguration(SERVER.getHost(), SERVER.getPort());
      server.setDatabase(database);
      return new LettuceConnectionFactory(server);
    }
  }

  static class OnOne {
    final List<String> seen = new CopyOnWriteArrayList<>();

    @MillstreamListener(stream = "${the.stream}", group = "g", connectionFactory = "one")
    void one(String payload) {
      seen.add("one " + payload);
    }

    @MillstreamListener(stream = "${the.stream}", group = "g", connectionFactory = "other")
    void other(String payload) {
      seen.add("other " + payload);
    }

    @Nullable MessagePublisher<String> publisher;

    @Autowired
    void publishTo(
        @MillstreamPublisher(value = "${the.stream}", connectionFactory = "other")
            MessagePublisher<String> to) {
      publisher = to;
    }
  }

  @Test
  @Tag("redis")
  void ofTwoFactoriesEachListenerAndEachPublisherNamesItsOwn() {
    Apps.plain()
        .withPropertyValues("the.stream=" + TestRedis.key())
        .withConfiguration(UserConfigurations.of(TwoFactories.class, OnOne.class))
        .run(
            context -> {
              assertThat(context).hasNotFailed().doesNotHaveBean(Millstream.class);
              OnOne bean = context.getBean(OnOne.class);
              ListenerRegistry listeners = context.getBean(ListenerRegistry.class);
              assertThat(listeners.millstream("one")).isNotSameAs(listeners.millstream("other"));
              MessagePublisher<String> publisher = bean.publisher;
              assertThat(publisher).isNotNull();
              publisher.publish("a").block(Duration.ofSeconds(10));
              listeners
                  .millstream("one")
                  .publisher(MessageStream.string(listeners.worker("one").stream()))
                  .publish("b")
                  .block(Duration.ofSeconds(10));
              await()
                  .untilAsserted(
                      () -> assertThat(bean.seen).containsExactlyInAnyOrder("other a", "one b"));
            });
  }

  @Test
  void ofTwoFactoriesAListenerThatNamesNoneIsRefused() {
    refused(
        app().withConfiguration(UserConfigurations.of(TwoFactories.class)),
        "no single or primary RedisConnectionFactory",
        "'connectionFactory'");
  }

  @Test
  void aFactoryThatIsNotThereIsRefusedWithThoseThatAre() {
    refused(
        Apps.plain()
            .withBean(ListenersTest.Job.class)
            .withConfiguration(UserConfigurations.of(TwoFactories.class))
            .withPropertyValues("millstream.listener.connection-factory=third"),
        "There is no connection factory 'third'",
        "[one, other]");
  }

  @Configuration(proxyBeanMethods = false)
  static class UsersOwn {
    static final MessageStream<String> STREAM = MessageStream.string("orders");

    @Bean(destroyMethod = "close")
    Millstream mine() {
      return Millstream.inMemory();
    }

    @Bean
    MessagePublisher<String> orders(Millstream mine) {
      return mine.publisher(STREAM);
    }
  }

  static class Unannotated {
    final MessagePublisher<String> publisher;

    Unannotated(MessagePublisher<String> publisher) {
      this.publisher = publisher;
    }
  }

  @Test
  void aMillstreamAndAPublisherOfTheUsersGoBeforeOurs() {
    app()
        .withConfiguration(UserConfigurations.of(UsersOwn.class, Unannotated.class))
        .run(
            context -> {
              assertThat(context).hasSingleBean(Millstream.class).hasBean("mine");
              assertThat(context.getBean(Unannotated.class).publisher)
                  .isSameAs(context.getBean("orders"));
              context.getBean(Unannotated.class).publisher.publish("a").block();
              await()
                  .untilAsserted(
                      () -> assertThat(context.getBean(Orders.class).seen).containsExactly("a"));
            });
  }

  @Test
  void aStreamAdminIsABeanUnlessTheUserHasOne() {
    app()
        .withPropertyValues("millstream.engine=memory")
        .run(
            context -> {
              context.getBean(Orders.class).roundTrip("a");
              assertThat(
                      context
                          .getBean(StreamAdmin.class)
                          .groups(MessageStream.string("orders"))
                          .map(GroupStatus::name)
                          .collectList()
                          .block())
                  .containsExactly("g");
            });
    StreamAdmin own = Millstream.inMemory().admin();
    app()
        .withPropertyValues("millstream.engine=memory")
        .withBean(StreamAdmin.class, () -> own)
        .run(context -> assertThat(context.getBean(StreamAdmin.class)).isSameAs(own));
  }

  @Test
  void aPublisherThatNobodySaysTheStreamOfIsRefused() {
    refused(
        app().withPropertyValues("millstream.engine=memory").withBean(Unannotated.class),
        "A MessagePublisher is wanted at",
        "Unannotated",
        "@MillstreamPublisher");
  }

  @Configuration(proxyBeanMethods = false)
  static class Customizers {
    final List<String> asked = new CopyOnWriteArrayList<>();

    @Bean
    @Order(2)
    WorkerCustomizer second() {
      return (id, builder) -> {
        asked.add("second " + id);
        builder.consumer("second");
      };
    }

    @Bean
    @Order(1)
    WorkerCustomizer first() {
      return (id, builder) -> {
        asked.add("first " + id);
        builder.consumer("first");
      };
    }

    @Bean
    @Order(2)
    PublisherCustomizer trims() {
      return (stream, settings) -> PublishSettings.trimTo(settings.trimTo() == null ? 1 : 7);
    }

    @Bean
    @Order(1)
    PublisherCustomizer trimsFirst() {
      return (stream, settings) -> {
        asked.add("publisher " + stream + " " + settings.trimTo());
        return PublishSettings.trimTo(5);
      };
    }
  }

  static class Trimming {
    Trimming(
        @MillstreamPublisher(value = "orders", trimTo = "${trim:100}")
            MessagePublisher<String> publisher) {}
  }

  @Test
  void customizersAreAskedInTheirOrder() {
    app()
        .withPropertyValues("millstream.engine=memory")
        .withConfiguration(UserConfigurations.of(Customizers.class, Trimming.class))
        .run(
            context -> {
              assertThat(context.getBean(Customizers.class).asked)
                  .contains("publisher orders 100", "publisher orders null")
                  .containsSubsequence("first charge", "second charge");
              assertThat(context.getBean(ListenerRegistry.class).worker("charge").consumer())
                  .isEqualTo("second");
            });
  }

  @Test
  void whatAPublisherIsToTrimIsANumber() {
    refused(
        Apps.plain()
            .withPropertyValues("millstream.engine=memory", "trim=many")
            .withBean(Trimming.class),
        "trimTo: 'many', expected a number");
  }

  @Test
  void metersAreBoundByThemselves() {
    app()
        .withPropertyValues("millstream.engine=memory")
        .withBean(MeterRegistry.class, SimpleMeterRegistry::new)
        .run(
            context -> {
              context.getBean(Orders.class).roundTrip("a");
              MeterRegistry meters = context.getBean(MeterRegistry.class);
              await()
                  .untilAsserted(
                      () ->
                          assertThat(meters.get("millstream.acked").counter().count())
                              .isEqualTo(1));
              assertThat(meters.get("millstream.published").counter().count()).isEqualTo(1);
            });
  }

  @Test
  void withoutMicrometerNothingIsMissing() {
    app()
        .withPropertyValues("millstream.engine=memory")
        .withClassLoader(new FilteredClassLoader("io.micrometer"))
        .run(context -> context.getBean(Orders.class).roundTrip("a"));
  }

  static class Threads {
    final List<String> seen = new CopyOnWriteArrayList<>();

    @MillstreamListener(stream = "orders", group = "g")
    void handle(String payload) {
      seen.add(Thread.currentThread().toString());
    }
  }

  @Test
  void blockingListenersRunOnVirtualThreadsWhereBootHasThemSwitchedOn() {
    boolean there = Runtime.version().feature() >= 21;
    Apps.plain()
        .withBean(Threads.class)
        .withPropertyValues("millstream.engine=memory", "spring.threads.virtual.enabled=true")
        .run(
            context -> {
              context
                  .getBean(Millstream.class)
                  .publisher(MessageStream.string("orders"))
                  .publish("a")
                  .block();
              Threads bean = context.getBean(Threads.class);
              await().untilAsserted(() -> assertThat(bean.seen).hasSize(1));
              assertThat(bean.seen.get(0).startsWith("VirtualThread")).isEqualTo(there);
            });
  }
}
