package io.millstream.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.protocol.ProtocolVersion;
import io.millstream.engine.memory.InMemoryServer;
import io.millstream.entry.Entry;
import io.millstream.entry.EntryId;
import io.millstream.entry.Fields;
import io.millstream.testing.RespConnection;
import io.millstream.testing.TestRedis;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/**
 * Measures the engine in memory, and the same on a real server of this machine. It prints what it
 * finds and fails only for what is out of all proportion: machines differ.
 */
@Tag("slow")
class FiguresTest {
  private static final Logger log = LoggerFactory.getLogger(FiguresTest.class);
  private static final int MESSAGES = 1_000_000;
  private static final int ENTRIES = 200_000;
  private static final int PAGE = 500;
  private static final int IN_FLIGHT = 512;
  private static final int PAYLOAD = 100;
  private static final String GROUP = "g";

  private static double secondsSince(long start) {
    return (System.nanoTime() - start) / 1e9;
  }

  private static Fields fields(int i) {
    byte[] payload = new byte[PAYLOAD];
    Arrays.fill(payload, (byte) ('a' + i % 26));
    return Fields.builder().add("payload", payload).build();
  }

  private static void add(Engine engine, String key, int count) {
    Flux.range(0, count).flatMap(i -> engine.streams().add(key, fields(i)), IN_FLIGHT).blockLast();
  }

  @Test
  void anEngineIsReadyInAMoment() {
    double[] millis = new double[50];
    for (int i = 0; i < millis.length; i++) {
      long start = System.nanoTime();
      InMemoryServer server = InMemoryServer.create(Schedulers.parallel());
      Engine engine = server.connect();
      engine.streams().add("s", fields(i)).block();
      millis[i] = 1_000 * secondsSince(start);
      engine.close().block();
    }
    Arrays.sort(millis);
    say("ready, with its first entry: %.2f ms (median of 50)", millis[25]);
    assertThat(millis[25]).isLessThan(50);
  }

  @Test
  void aMillionMessagesThroughPublishReadAndAck() {
    Engine memory = InMemoryServer.create(Schedulers.parallel()).connect();
    work(memory, "warm-up", MESSAGES / 10);
    double ours = work(memory, "s", MESSAGES);
    memory.close().block();
    try (LettuceFixture redis = new LettuceFixture(ProtocolVersion.RESP3)) {
      String key = redis.key();
      double theirs = work(redis.engine(), key, MESSAGES / 10) * 10;
      redis.deleteKey(key);
      say(
          "a million messages: %.1f s in memory, %.1f s by a real server (%.0f times as long)",
          ours, theirs, theirs / ours);
    }
    assertThat(ours).isLessThan(30);
  }

  private static double work(Engine engine, String key, int messages) {
    engine.groups().create(key, GROUP, new CreateArgs("0", true, null)).block();
    long start = System.nanoTime();
    add(engine, key, messages);
    Reader reader = Objects.requireNonNull(engine.openReader().block());
    int handled = 0;
    while (handled < messages) {
      List<StreamEntries> replies =
          Objects.requireNonNull(
              reader.read(ReadArgs.fresh(key, GROUP, "c", PAGE, null)).block(), "nothing new");
      List<EntryId> ids = replies.get(0).entries().stream().map(Entry::id).toList();
      assertThat(engine.groups().ack(key, GROUP, ids).block()).isEqualTo(ids.size());
      handled += ids.size();
    }
    double seconds = secondsSince(start);
    reader.close().block();
    return seconds;
  }

  @Test
  void anEntryTakesLittleMoreThanItsBytes() {
    Engine memory = InMemoryServer.create(Schedulers.parallel()).connect();
    long before = heap();
    add(memory, "s", ENTRIES);
    double ours = (double) (heap() - before) / ENTRIES;
    assertThat(memory.streams().length("s").block()).isEqualTo(ENTRIES);
    memory.close().block();
    double theirs;
    try (LettuceFixture redis = new LettuceFixture(ProtocolVersion.RESP3);
        RespConnection server = TestRedis.connect()) {
      String key = redis.key();
      add(redis.engine(), key, ENTRIES);
      theirs = Double.parseDouble(server.text("MEMORY", "USAGE", key)) / ENTRIES;
      redis.deleteKey(key);
    }
    say(
        "an entry with %d bytes: %.0f bytes in memory, %.0f in a real server",
        PAYLOAD, ours, theirs);
    assertThat(ours).isLessThan(10 * PAYLOAD);
  }

  private static long heap() {
    Runtime runtime = Runtime.getRuntime();
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    return runtime.totalMemory() - runtime.freeMemory();
  }

  private static void say(String format, Object... values) {
    log.info(String.format(Locale.ROOT, format, values));
  }
}
