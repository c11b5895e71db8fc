package io.millstream.examples.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lettuce.core.LettuceFutures;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.XAddArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.millstream.Millstream;
import io.millstream.codec.MessageStream;
import io.millstream.publish.MessagePublisher;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import reactor.core.publisher.Flux;

/** publishAll beside Lettuce with 500 XADDs to a flush, and one awaited publish beside one XADD. */
final class Publishing {
  private static final String STREAM = "published";
  private static final int MANY = 100_000;
  private static final int FEW = 5_000;
  private static final int FLUSH = 500;

  private final Server server;
  private final int seconds;
  private final byte[] payload = "x".repeat(100).getBytes(UTF_8);

  Publishing(Server server, int seconds) {
    this.server = server;
    this.seconds = seconds;
  }

  private interface Round {
    /** Does it once; returns what is measured. */
    double once();
  }

  void run() {
    RedisClient client = RedisClient.create("redis://127.0.0.1:" + server.port());
    try (StatefulRedisConnection<byte[], byte[]> connection =
            client.connect(ByteArrayCodec.INSTANCE);
        Millstream millstream = Millstream.connect("redis://127.0.0.1:" + server.port())) {
      MessagePublisher<byte[]> publisher = millstream.publisher(MessageStream.bytes(STREAM));
      double raw = best(() -> pipelined(connection));
      double all = best(() -> publishAll(publisher));
      Extras.say("Lettuce, 500 XADDs to a flush", raw, "/s");
      Extras.say("publishAll", all, "/s");
      Extras.say("publishAll, ratio", all / raw, "");
      double xadd = best(() -> -awaited(() -> connection.sync().xadd(key(), id(), fields())));
      double publish = best(() -> -awaited(() -> publisher.publish(payload).block()));
      Extras.say("XADD, awaited, p50", -xadd, "us");
      Extras.say("publish, awaited, p50", -publish, "us");
      Extras.say("publish, awaited, ratio", publish / xadd, "");
    } finally {
      client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
    }
  }

  /** Again and again for so many seconds; the best of the second half. */
  private double best(Round round) {
    List<Double> values = new ArrayList<>();
    long end = System.nanoTime() + seconds * 1_000_000_000L;
    while (values.size() < 4 || System.nanoTime() < end) {
      values.add(round.once());
    }
    return values.stream().skip(values.size() / 2).max(Double::compare).orElseThrow();
  }

  private double publishAll(MessagePublisher<byte[]> publisher) {
    long start = System.nanoTime();
    publisher.publishAll(Flux.range(0, MANY).map(i -> payload)).blockLast();
    return perSecond(start);
  }

  private double pipelined(StatefulRedisConnection<byte[], byte[]> connection) {
    long start = System.nanoTime();
    connection.setAutoFlushCommands(false);
    List<RedisFuture<String>> sent = new ArrayList<>(FLUSH);
    for (int i = 0; i < MANY; i++) {
      sent.add(connection.async().xadd(key(), id(), fields()));
      if (sent.size() == FLUSH) {
        connection.flushCommands();
        LettuceFutures.awaitAll(Duration.ofMinutes(1), sent.toArray(RedisFuture[]::new));
        sent.clear();
      }
    }
    connection.setAutoFlushCommands(true);
    return perSecond(start);
  }

  private double perSecond(long start) {
    double rate = MANY * 1e9 / (System.nanoTime() - start);
    server.delete(STREAM);
    return rate;
  }

  /** The median of a few, in microseconds. */
  private double awaited(Runnable publish) {
    long[] nanos = new long[FEW];
    for (int i = 0; i < FEW; i++) {
      long start = System.nanoTime();
      publish.run();
      nanos[i] = System.nanoTime() - start;
    }
    Arrays.sort(nanos);
    server.delete(STREAM);
    return nanos[FEW / 2] / 1e3;
  }

  private static byte[] key() {
    return STREAM.getBytes(UTF_8);
  }

  private static XAddArgs id() {
    return new XAddArgs();
  }

  private Map<byte[], byte[]> fields() {
    return Map.of("payload".getBytes(UTF_8), payload);
  }
}
