package io.millstream.examples.benchmarks;

import io.lettuce.core.RedisClient;
import io.lettuce.core.XReadArgs.StreamOffset;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongConsumer;

/**
 * One contender in a process of its own: drains the stream again and again, each time with a new
 * group, first to warm up, then to measure. Prints {@code RATE messages-per-second} of the median
 * drain. The clock runs from the first handler call until nothing is pending; that every message
 * was handled exactly once is checked each time.
 */
final class Drain {
  /** Without any progress for so long, a contender is taken to hang. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final int FEW = 5_000;

  private final RedisCommands<String, String> redis;
  private final int port;
  private final String stream;
  private final int entries;

  private Drain(RedisCommands<String, String> redis, int port, String stream, int entries) {
    this.redis = redis;
    this.port = port;
    this.stream = stream;
    this.entries = entries;
  }

  /** Contender, port, stream, number of entries, seconds. */
  public static void main(String[] args) throws Exception {
    Contender contender = Contender.named(args[0]);
    int port = Integer.parseInt(args[1]);
    double seconds = Double.parseDouble(args[4]);
    RedisClient client = RedisClient.create("redis://127.0.0.1:" + port);
    try {
      Drain drain = new Drain(client.connect().sync(), port, args[2], Integer.parseInt(args[3]));
      double rate = drain.once(contender, FEW);
      rate = drain.forSeconds(contender, rate, seconds).get(0);
      List<Double> rates = drain.forSeconds(contender, rate, seconds);
      Collections.sort(rates);
      System.out.printf(Locale.ROOT, "RATE %.0f%n", rates.get(rates.size() / 2));
    } finally {
      client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
    }
  }

  /**
   * Drains for some seconds.
   *
   * @param rate about how fast it is: a slow one does not drain the whole stream
   */
  private List<Double> forSeconds(Contender contender, double rate, double seconds)
      throws Exception {
    int messages = (int) Math.max(Math.min(FEW, entries), Math.min(entries, rate * seconds));
    List<Double> rates = new ArrayList<>();
    double left = seconds;
    while (left > 0) {
      double each = once(contender, messages);
      left -= messages / each;
      rates.add(each);
    }
    return rates;
  }

  /** The last so many messages of the stream. */
  private double once(Contender contender, int messages) throws Exception {
    String group = "drain-" + Long.toHexString(System.nanoTime());
    int first = entries - messages;
    redis.xgroupCreate(StreamOffset.from(stream, (Job.FIRST + first - 1) + "-0"), group);
    Tally tally = new Tally(entries);
    AutoCloseable running = contender.start(new Job(port, stream, group), tally);
    long end;
    try {
      await(contender, group, tally, messages);
      end = System.nanoTime();
    } finally {
      running.close();
    }
    tally.check(first);
    redis.xgroupDestroy(stream, group);
    return messages * 1e9 / (end - tally.firstNanos.get());
  }

  private void await(Contender contender, String group, Tally tally, int messages)
      throws InterruptedException {
    long since = System.nanoTime();
    long before = -1;
    while (tally.handled.sum() < messages || redis.xpending(stream, group).getCount() > 0) {
      Thread.sleep(1);
      long now = tally.handled.sum();
      if (now != before) {
        before = now;
        since = System.nanoTime();
      } else if (System.nanoTime() - since > PATIENCE.toNanos()) {
        throw new IllegalStateException(
            contender.name() + " hangs after " + now + " of " + messages + " messages");
      }
    }
  }

  /** What was handled. */
  private static final class Tally implements LongConsumer {
    final LongAdder handled = new LongAdder();
    final AtomicLong firstNanos = new AtomicLong();
    private final AtomicIntegerArray times;

    Tally(int entries) {
      times = new AtomicIntegerArray(entries);
    }

    @Override
    public void accept(long number) {
      if (firstNanos.get() == 0) {
        firstNanos.compareAndSet(0, System.nanoTime());
      }
      times.getAndIncrement((int) number);
      handled.increment();
    }

    void check(int first) {
      for (int i = 0; i < times.length(); i++) {
        if (times.get(i) != (i < first ? 0 : 1)) {
          throw new IllegalStateException(
              "message " + i + " was handled " + times.get(i) + " times");
        }
      }
    }
  }
}
