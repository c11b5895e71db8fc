package io.millstream.worker;

import static io.millstream.worker.World.GROUP;
import static io.millstream.worker.World.JOBS;
import static org.assertj.core.api.Assertions.assertThat;

import io.millstream.engine.RedisException;
import io.millstream.guard.Guard;
import io.millstream.policy.RetryPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** Chance faults, pauses and resumes; afterwards everything must come to rest. */
class ReviewFuzzTest {
  private static final List<String> COMMANDS =
      List.of(
          "XREADGROUP",
          "takeOver",
          "takeReleased",
          "renew",
          "redeliver",
          "release",
          "deadLetter",
          "XACK",
          "XPENDING",
          "XCLAIM",
          "openReader",
          "CLIENT KILL",
          "CLIENT UNBLOCK");

  @Test
  void everythingComesToRest() {
    int from = Integer.getInteger("from", 0);
    List<String> bad = new ArrayList<>();
    for (int seed = from; seed < from + Integer.getInteger("runs", 300); seed++) {
      try {
        String why = run(seed);
        if (!why.isEmpty()) {
          bad.add(seed + ": " + why);
        }
      } catch (RuntimeException e) {
        bad.add(seed + ": " + e);
      }
    }
    bad.stream().limit(12).forEach(line -> System.out.println("Z " + line));
    System.out.println("Z bad " + bad.size());
    assertThat(bad).isEmpty();
  }

  private String run(int seed) {
    Random chance = new Random(seed);
    World w = new World();
    Map<String, Integer> starts = new HashMap<>();
    Map<String, Integer> ok = new HashMap<>();
    AtomicInteger out = new AtomicInteger();
    AtomicInteger wait = new AtomicInteger();
    Map<String, Long> belowCount = new HashMap<>();
    List<Worker> workers = new ArrayList<>();
    boolean destroy = Boolean.getBoolean("destroy");
    for (int i = 0; i < 2; i++) {
      Guard guard =
          new Guard() {
            @Override
            public Duration tryAcquire(long now) {
              if (wait.get() > 0) {
                return Duration.ofMillis(wait.get());
              }
              out.incrementAndGet();
              return Duration.ZERO;
            }

            @Override
            public void giveBack() {
              out.decrementAndGet();
            }

            @Override
            public void succeeded(Duration time) {
              out.decrementAndGet();
            }

            @Override
            public void failed(Duration time, Throwable t) {
              out.decrementAndGet();
            }

            @Override
            public java.util.Optional<String> refusal() {
              return wait.get() > 1000 ? java.util.Optional.of("open") : java.util.Optional.empty();
            }
          };
      workers.add(
          w.worker()
              .concurrency(1 + chance.nextInt(3))
              .readAhead(chance.nextInt(4))
              .maxWaiting(5)
              .visibilityTimeout(Duration.ofSeconds(30))
              .guard(guard)
              .nudge(chance.nextBoolean())
              .retry(RetryPolicy.fixed(Duration.ofSeconds(1 + chance.nextInt(20))).maxDeliveries(4))
              .handle(
                  message -> {
                    int n = starts.merge(message.payload(), 1, Integer::sum);
                    if (message.delivery() < n) {
                      belowCount.put(message.payload(), message.delivery());
                    }
                    Mono<?> body = Mono.delay(Duration.ofMillis(chance.nextInt(4000)), w.time);
                    return chance.nextInt(3) == 0
                        ? body.then(Mono.error(new IllegalStateException()))
                        : body.then(
                            Mono.fromRunnable(() -> ok.merge(message.payload(), 1, Integer::sum)));
                  })
              .start());
    }
    boolean connected = true;
    int published = 0;
    for (int step = 0; step < 60; step++) {
      w.advance(Duration.ofMillis(chance.nextInt(3000)));
      Worker one = workers.get(chance.nextInt(2));
      String command = COMMANDS.get(chance.nextInt(COMMANDS.size()));
      switch (chance.nextInt(11)) {
        case 0 -> one.pause().subscribe();
        case 1, 2 -> one.resume();
        case 3 -> w.server.faults().loseReply(command, 1 + chance.nextInt(2));
        case 4 ->
            w.server
                .faults()
                .failNext(command, 1 + chance.nextInt(8), new RedisException("BUSY", "BUSY x"));
        case 5 -> {
          if (connected) {
            w.server.faults().disconnect();
          } else {
            w.server.faults().connect();
          }
          connected = !connected;
        }
        case 6 -> wait.set(chance.nextBoolean() ? 0 : chance.nextBoolean() ? 300 : 2000);
        case 7 -> {
          if (connected && destroy) {
            w.admin
                .groups()
                .deleteConsumer(JOBS.name(), GROUP, one.consumer())
                .onErrorComplete()
                .block();
          }
        }
        default -> {
          if (connected) {
            for (int i = 0; i < 3; i++) {
              try {
                w.publish("job-" + published);
                published++;
              } catch (RuntimeException e) {
                // a fault of ours
              }
            }
          }
        }
      }
    }
    if (!connected) {
      w.server.faults().connect();
    }
    w.server.faults().clear();
    wait.set(0);
    w.advanceSeconds(2);
    workers.forEach(Worker::resume);
    w.advance(Duration.ofMinutes(10));
    StringBuilder why = new StringBuilder();
    for (Worker worker : workers) {
      if (worker.state() != WorkerState.RUNNING) {
        why.append(" state ").append(worker.state()).append(worker.trouble());
      }
      if (!worker.load().equals(new WorkerLoad(0, 0, 0, 0))) {
        why.append(" load ").append(worker.load());
      }
    }
    if (!w.pending().isEmpty()) {
      why.append(" pending ").append(w.pending());
    }
    if (out.get() != 0) {
      why.append(" permits ").append(out.get());
    }
    int dead = w.deadLetters().size();
    if (ok.size() + dead < published) {
      why.append(" lost: ok ")
          .append(ok.size())
          .append(" dead ")
          .append(dead)
          .append(" of ")
          .append(published);
    }
    if (!belowCount.isEmpty()) {
      why.append(" count below starts ").append(belowCount);
    }
    if (!w.time.errors().isEmpty()) {
      why.append(" errors ").append(w.time.errors());
    }
    return why.toString();
  }
}
