package io.millstream.examples.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millstream.Millstream;
import io.millstream.codec.MessageStream;
import java.util.concurrent.atomic.LongAdder;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** How soon the Redis in memory is ready, and how fast a worker drains it. */
final class InMemory {
  private static final int MESSAGES = 100_000;

  private final int seconds;

  InMemory(int seconds) {
    this.seconds = seconds;
  }

  void run() throws InterruptedException {
    long start = System.nanoTime();
    try (Millstream millstream = Millstream.inMemory()) {
      millstream.publisher(MessageStream.bytes("ready")).publish(new byte[1]).block();
      Extras.say("in memory, ready and first publish", (System.nanoTime() - start) / 1e6, "ms");
    }
    double best = 0;
    long end = System.nanoTime() + seconds * 1_000_000_000L;
    while (System.nanoTime() < end) {
      best = Math.max(best, drain());
    }
    Extras.say("in memory, drained", best, "/s");
  }

  private static double drain() throws InterruptedException {
    MessageStream<byte[]> stream = MessageStream.bytes("drained");
    byte[] payload = "x".repeat(100).getBytes(UTF_8);
    LongAdder handled = new LongAdder();
    try (Millstream millstream = Millstream.inMemory()) {
      millstream
          .publisher(stream)
          .publishAll(Flux.range(0, MESSAGES).map(i -> payload))
          .blockLast();
      long start = System.nanoTime();
      millstream
          .worker(stream, "workers")
          .concurrency(1_000)
          .readAhead(2_000)
          .handle(
              message -> {
                handled.increment();
                return Mono.empty();
              })
          .start();
      while (handled.sum() < MESSAGES) {
        Thread.sleep(1);
      }
      return MESSAGES * 1e9 / (System.nanoTime() - start);
    }
  }
}
