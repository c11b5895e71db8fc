package io.millstream.engine.lettuce;

import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * The way to the nodes of a cluster: single connections to each, as to a server that stands alone.
 * Lettuce's own cluster connections will not do: they send again what was lost, and do not tell
 * which node a command went to.
 */
interface ClusterClient {
  /**
   * Where the cluster can be asked for its nodes; how to log in there is how to log in anywhere.
   */
  Mono<List<RedisURI>> seeds();

  /** None of them answered: they may all have been replaced. */
  default void renew() {}

  /** A node. What is closed with it is nobody else's. */
  Connector to(RedisURI node);

  /** Lets go of the client, as far as it is ours. */
  Mono<Void> close();

  /** With a client and threads of our own. */
  static ClusterClient own(List<RedisURI> uris, Settings settings) {
    OwnClient client = OwnClient.create(settings.connectTimeout());
    List<RedisURI> seeds = uris.stream().map(uri -> OwnClient.named(uri, settings)).toList();
    return new ClusterClient() {
      @Override
      public Mono<List<RedisURI>> seeds() {
        return Mono.just(seeds);
      }

      @Override
      public Connector to(RedisURI node) {
        return client.to(node);
      }

      @Override
      public Mono<Void> close() {
        return client.close();
      }
    };
  }

  /**
   * With the user's client, which stays as it is: its threads and its options, on a client of our
   * own, because a cluster client gives no single connections. It is asked for the nodes that it
   * knows.
   */
  static ClusterClient of(RedisClusterClient users, Settings settings) {
    RedisClient nodes = RedisClient.create(users.getResources());
    nodes.setOptions(
        users
            .getOptions()
            .mutate()
            .autoReconnect(false)
            .maintNotificationsConfig(MaintNotificationsConfig.disabled())
            .build());
    OwnClient client = new OwnClient(nodes);
    AtomicBoolean renewing = new AtomicBoolean();
    return new ClusterClient() {
      @Override
      public Mono<List<RedisURI>> seeds() {
        return Mono.fromCallable(
                () ->
                    users.getPartitions().getPartitions().stream()
                        .map(RedisClusterNode::getUri)
                        .map(uri -> OwnClient.named(uri, settings))
                        .toList())
            .subscribeOn(Schedulers.boundedElastic());
      }

      @Override
      public void renew() {
        if (renewing.compareAndSet(false, true)) {
          var unused =
              users
                  .refreshPartitionsAsync()
                  .whenComplete((nothing, error) -> renewing.set(false));
        }
      }

      @Override
      public Connector to(RedisURI node) {
        return client.to(node);
      }

      @Override
      public Mono<Void> close() {
        return client.close();
      }
    };
  }
}
