package io.millstream.examples.benchmarks;

import io.lettuce.core.Consumer;
import io.lettuce.core.RedisClient;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.XReadArgs.StreamOffset;
import io.lettuce.core.api.sync.RedisCommands;
import io.millstream.Millstream;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;
import reactor.core.publisher.Mono;

/**
 * A dead worker leaves many entries pending: how fast they are taken over and handled by a live
 * one, how long the server is busy with one call, and how long others wait for a PING meanwhile.
 */
final class TakeOver {
  private static final String STREAM = "abandoned";
  private static final String GROUP = "workers";
  private static final Duration VISIBILITY = Duration.ofSeconds(1);

  private final Server server;
  private final int entries;

  TakeOver(Server server, int entries) {
    this.server = server;
    this.entries = entries;
  }

  void run() throws Exception {
    server.fill(STREAM, entries, 100);
    RedisClient client = RedisClient.create("redis://127.0.0.1:" + server.port());
    try {
      RedisCommands<String, String> redis = client.connect().sync();
      redis.xgroupCreate(StreamOffset.from(STREAM, "0"), GROUP);
      readAll(redis);
      Thread.sleep(VISIBILITY.toMillis());
      redis.slowlogReset();
      redis.configSet("slowlog-log-slower-than", "350");
      LongAdder handled = new LongAdder();
      long[] started = {0};
      try (Millstream millstream = Millstream.connect("redis://127.0.0.1:" + server.port())) {
        millstream
            .worker(OneField.stream(STREAM, Job.FIELD), GROUP)
            .visibilityTimeout(VISIBILITY)
            .concurrency(1_000)
            .handle(
                message -> {
                  handled.increment();
                  return Mono.empty();
                })
            .start();
        while (handled.sum() == 0) {
          Thread.sleep(1);
        }
        started[0] = System.nanoTime();
        long[] pings = pingUntil(redis, handled);
        double seconds = (System.nanoTime() - started[0]) / 1e9;
        Extras.say("taken over and handled", handled.sum() / seconds, "/s");
        Extras.say("PING meanwhile, p50", pings[pings.length / 2] / 1e3, "us");
        Extras.say("PING meanwhile, p99", pings[pings.length * 99 / 100] / 1e3, "us");
        Extras.say("calls above 0.35 ms", redis.slowlogLen(), "");
      }
      if (handled.sum() != entries) {
        throw new IllegalStateException(handled.sum() + " handled of " + entries);
      }
    } finally {
      client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
    }
  }

  @SuppressWarnings("unchecked") // an array of streams, as Lettuce will have it
  private static void readAll(RedisCommands<String, String> redis) {
    while (!redis
        .xreadgroup(
            Consumer.from(GROUP, "dead"),
            new XReadArgs().count(1_000),
            StreamOffset.lastConsumed(STREAM))
        .isEmpty()) {}
  }

  /** A PING each millisecond, until all is settled. */
  private long[] pingUntil(RedisCommands<String, String> redis, LongAdder handled)
      throws InterruptedException {
    long[] nanos = new long[1_000_000];
    int count = 0;
    while (handled.sum() < entries || redis.xpending(STREAM, GROUP).getCount() > 0) {
      for (int i = 0; i < 50 && count < nanos.length; i++) {
        long start = System.nanoTime();
        redis.ping();
        nanos[count++] = System.nanoTime() - start;
        Thread.sleep(1);
      }
    }
    long[] all = Arrays.copyOf(nanos, count);
    Arrays.sort(all);
    return all;
  }
}
