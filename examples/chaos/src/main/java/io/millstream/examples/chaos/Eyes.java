package io.millstream.examples.chaos;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.Consumer;
import io.lettuce.core.KillArgs;
import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.RedisClusterURIUtil;
import io.lettuce.core.cluster.api.sync.RedisClusterCommands;
import io.lettuce.core.models.stream.PendingMessage;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.Delay;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The driver's own look at the server, past all wires and past Millstream. */
final class Eyes implements AutoCloseable {
  /** A row of the pending entries list. */
  record Row(String id, String consumer, long idle, long deliveries) {}

  /** A dead letter: of which entry, with how many deliveries. */
  record Letter(String id, long deliveries) {}

  private static final Duration PATIENCE = Duration.ofSeconds(1);
  private static final Duration LONG_PATIENCE = Duration.ofSeconds(30);
  private static final Duration LOOK_EVERY = Duration.ofMillis(50);
  private static final Limit ALL = Limit.from(100_000);

  private final ClientResources resources;
  private final AbstractRedisClient client;
  private final StatefulConnection<String, String> connection;
  private final RedisClusterCommands<String, String> redis;

  /** On one server, through Sentinels, or on a cluster. */
  Eyes(String uri) {
    this.resources = ClientResources.builder().reconnectDelay(Delay.constant(LOOK_EVERY)).build();
    if (uri.startsWith("redis-cluster:")) {
      RedisClusterClient cluster =
          RedisClusterClient.create(
              resources,
              RedisClusterURIUtil.toRedisURIs(URI.create(uri.replaceFirst("-cluster", ""))));
      cluster.setOptions(
          ClusterClientOptions.builder()
              .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
              .topologyRefreshOptions(
                  ClusterTopologyRefreshOptions.builder()
                      .enablePeriodicRefresh(PATIENCE)
                      .enableAllAdaptiveRefreshTriggers()
                      .adaptiveRefreshTriggersTimeout(PATIENCE)
                      .build())
              .build());
      var connected = cluster.connect();
      this.client = cluster;
      this.connection = connected;
      this.redis = connected.sync();
    } else {
      RedisClient single = RedisClient.create(resources, RedisURI.create(uri));
      single.setOptions(
          ClientOptions.builder()
              .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
              .build());
      var connected = single.connect();
      this.client = single;
      this.connection = connected;
      this.redis = connected.sync();
    }
    connection.setTimeout(PATIENCE);
  }

  /** Asks once; nothing if the server does not answer just now. */
  <T> Optional<T> ask(Function<Eyes, T> question) {
    try {
      return Optional.of(question.apply(this));
    } catch (RedisException e) {
      return Optional.empty();
    }
  }

  /**
   * Asks until the server answers.
   *
   * @throws IllegalStateException if it does not
   */
  <T> T insist(Function<Eyes, T> question) {
    List<T> answer = new ArrayList<>();
    if (Waiting.until(
        LONG_PATIENCE, LOOK_EVERY, () -> ask(question).map(answer::add).isPresent())) {
      return answer.get(0);
    }
    throw new IllegalStateException("the server does not answer the driver");
  }

  private RedisClusterCommands<String, String> redis() {
    return redis;
  }

  /** The server and its version. */
  String server() {
    Map<String, String> info = new LinkedHashMap<>();
    redis()
        .info("server")
        .lines()
        .map(line -> line.split(":", 2))
        .filter(pair -> pair.length == 2)
        .forEach(pair -> info.put(pair[0], pair[1].strip()));
    String name = info.getOrDefault("server_name", "redis");
    return name + " " + info.get(name + "_version");
  }

  /** CLIENT KILL of everybody else. */
  void killClients() {
    redis().clientKill(KillArgs.Builder.typeNormal().skipme());
  }

  /** All that is pending. */
  List<Row> pending() {
    return whereThereIsAGroup(
        List.of(), () -> rows(redis().xpending(stream(), Rules.GROUP, Range.unbounded(), ALL)));
  }

  /** What is pending under a name. */
  List<Row> pending(String consumer) {
    return whereThereIsAGroup(
        List.of(),
        () ->
            rows(
                redis()
                    .xpending(
                        stream(), Consumer.from(Rules.GROUP, consumer), Range.unbounded(), ALL)));
  }

  private static List<Row> rows(List<PendingMessage> messages) {
    return messages.stream()
        .map(
            row ->
                new Row(
                    row.getId(),
                    row.getConsumer(),
                    row.getMsSinceLastDelivery(),
                    row.getRedeliveryCount()))
        .toList();
  }

  /** Whether the group knows a consumer of this name. */
  boolean knows(String consumer) {
    return whereThereIsAGroup(
        false,
        () ->
            redis().xinfoConsumers(stream(), Rules.GROUP).stream()
                .anyMatch(each -> consumer.equals(properties(each).get("name"))));
  }

  /** The ids that the group has not yet read. */
  List<String> unread() {
    String last =
        whereThereIsAGroup(
            "0-0",
            () ->
                redis().xinfoGroups(stream()).stream()
                    .map(Eyes::properties)
                    .filter(group -> Rules.GROUP.equals(group.get("name")))
                    .map(group -> String.valueOf(group.get("last-delivered-id")))
                    .findFirst()
                    .orElse("0-0"));
    Range<String> after = Range.from(Range.Boundary.excluding(last), Range.Boundary.unbounded());
    return redis().xrange(stream(), after).stream().map(StreamMessage::getId).toList();
  }

  /** All that was ever added: the jobs by their ids. */
  Map<String, Job> jobs() {
    Map<String, Job> jobs = new LinkedHashMap<>();
    for (StreamMessage<String, String> entry : redis().xrange(stream(), Range.unbounded())) {
      jobs.put(entry.getId(), Job.parse(field(entry, "payload")));
    }
    return jobs;
  }

  /** All dead letters. */
  List<Letter> letters() {
    String key = Rules.JOBS.deadLetters(Rules.GROUP).name();
    return redis().xrange(key, Range.unbounded()).stream()
        .map(
            letter ->
                new Letter(
                    field(letter, "@millstream-id"),
                    Long.parseLong(field(letter, "@millstream-deliveries"))))
        .toList();
  }

  private static String stream() {
    return Rules.JOBS.name();
  }

  private static String field(StreamMessage<String, String> entry, String name) {
    return String.valueOf(entry.getBody().get(name));
  }

  /** XINFO's lists of names and values. */
  private static Map<Object, Object> properties(@Nullable Object info) {
    Map<Object, Object> properties = new LinkedHashMap<>();
    if (info instanceof Map<?, ?> map) {
      properties.putAll(map);
    } else if (info instanceof List<?> list) {
      for (int i = 0; i + 1 < list.size(); i += 2) {
        properties.put(list.get(i), list.get(i + 1));
      }
    }
    return properties;
  }

  /** Before the first worker there is no group yet. */
  private static <T> T whereThereIsAGroup(T otherwise, java.util.function.Supplier<T> question) {
    try {
      return question.get();
    } catch (io.lettuce.core.RedisCommandExecutionException e) {
      String message = String.valueOf(e.getMessage());
      if (message.startsWith("NOGROUP") || message.startsWith("ERR no such key")) {
        return otherwise;
      }
      throw e;
    }
  }

  @Override
  public void close() {
    connection.close();
    client.shutdown(Duration.ZERO, PATIENCE);
    var unused = resources.shutdown(0, 1, java.util.concurrent.TimeUnit.SECONDS);
  }
}
