package io.millstream.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.millstream.message.Message;
import io.millstream.policy.RetryPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/**
 * Two workers under faults, pauses and a guard, all by chance from fixed seeds; when it is over,
 * everything must come to rest. More seeds: {@code -Dshake.seeds=1000}.
 */
class ShakenWorkersTest {
  private static final int SEEDS = Integer.getInteger("shake.seeds", 100);
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
  void afterFaultsAndPausesByChanceEverythingComesToRest() {
    for (int seed = 0; seed < SEEDS; seed++) {
      Shaken shaken = new Shaken(seed);
      shaken.shake();
      shaken.calm();
      assertThat(shaken.wrong()).as("what is wrong with seed %s", seed).isEmpty();
    }
  }

  /** One world, shaken by one seed. */
  private static final class Shaken {
    private final World world = new World();
    private final Random chance;
    private final CountingGuard guard =
        new CountingGuard() {
          @Override
          public Optional<String> refusal() {
            return wait.compareTo(Duration.ofSeconds(1)) > 0
                ? Optional.of("it is open")
                : Optional.empty();
          }
        };
    private final List<Worker> workers = new ArrayList<>();
    private final Map<String, Integer> starts = new HashMap<>();
    private final Set<String> succeeded = new HashSet<>();
    private final List<String> belowStarts = new ArrayList<>();
    private boolean connected = true;
    private int published;

    Shaken(int seed) {
      chance = new Random(seed);
      for (int i = 0; i < 2; i++) {
        workers.add(
            world
                .worker()
                .concurrency(1 + chance.nextInt(3))
                .readAhead(chance.nextInt(4))
                .maxWaiting(5)
                .visibilityTimeout(Duration.ofSeconds(30))
                .guard(guard)
                .nudge(chance.nextBoolean())
                .retry(
                    RetryPolicy.fixed(Duration.ofSeconds(1 + chance.nextInt(20))).maxDeliveries(4))
                .handle(this::handle)
                .start());
      }
    }

    private Mono<Void> handle(Message<String> message) {
      int count = starts.merge(message.payload(), 1, Integer::sum);
      if (message.delivery() < count) {
        belowStarts.add(message.payload() + " starts as delivery " + message.delivery());
      }
      Mono<Void> body = Mono.delay(Duration.ofMillis(chance.nextInt(4000)), world.time).then();
      return chance.nextInt(3) == 0
          ? body.then(Mono.error(new IllegalStateException("by chance")))
          : body.then(Mono.fromRunnable(() -> succeeded.add(message.payload())));
    }

    void shake() {
      for (int step = 0; step < 60; step++) {
        world.advance(Duration.ofMillis(chance.nextInt(3000)));
        Worker one = workers.get(chance.nextInt(2));
        String command = COMMANDS.get(chance.nextInt(COMMANDS.size()));
        switch (chance.nextInt(10)) {
          case 0 -> one.pause().subscribe();
          case 1, 2 -> one.resume();
          case 3 -> world.server.faults().loseReply(command, 1 + chance.nextInt(2));
          case 4 -> world.server.faults().failNext(command, 1 + chance.nextInt(8), World.busy());
          case 5 -> reconnect(!connected);
          case 6 -> guard.wait = Duration.ofMillis(List.of(0, 0, 300, 2000).get(chance.nextInt(4)));
          default -> publish();
        }
      }
    }

    private void reconnect(boolean now) {
      if (now) {
        world.server.faults().connect();
      } else {
        world.server.faults().disconnect();
      }
      connected = now;
    }

    private void publish() {
      for (int i = 0; connected && i < 3; i++) {
        world.publish("job-" + published++);
      }
    }

    void calm() {
      reconnect(true);
      world.server.faults().clear();
      guard.wait = Duration.ZERO;
      world.advanceSeconds(2);
      workers.forEach(Worker::resume);
      world.advance(Duration.ofMinutes(10));
    }

    List<String> wrong() {
      List<String> wrong = new ArrayList<>(belowStarts);
      for (Worker worker : workers) {
        if (worker.state() != WorkerState.RUNNING) {
          wrong.add("state " + worker.state() + " " + worker.trouble());
        }
        if (!worker.load().equals(WorkerLoad.NONE)) {
          wrong.add("load " + worker.load());
        }
      }
      if (!world.pending().isEmpty()) {
        wrong.add("pending " + world.pending());
      }
      if (guard.out.get() != 0) {
        wrong.add("leave that is out: " + guard.out);
      }
      Set<String> ended = new HashSet<>(succeeded);
      world.deadLetters().forEach(dead -> ended.add(dead.fields().text("payload")));
      if (ended.size() != published) {
        wrong.add("of " + published + " messages only " + ended.size() + " ended");
      }
      world.time.errors().forEach(error -> wrong.add("a task failed: " + error));
      return wrong;
    }
  }
}
