package io.millstream.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.millstream.engine.Engine;
import io.millstream.message.MessageHandler;
import io.millstream.observe.WorkerObserver;
import io.millstream.policy.RetryPolicy;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;

/** However long Redis is away, what waits to be tried again takes no more memory. */
class MemoryInTroubleTest {
  private static final int ENTRIES = 300;

  private final World world = new World();
  private final Engine engine = world.server.connect();
  private final Loop loop = new Loop(world.time);
  private final SplittableRandom random = new SplittableRandom(42);
  private final WorkerSettings settings =
      new WorkerSettings(
          new WorkerSettings.Membership(
              World.GROUP, null, GroupStart.beginning(), LostGroup.RESUME, false),
          new WorkerSettings.Capacity(ENTRIES, 1, ENTRIES, ENTRIES),
          new WorkerSettings.Times(
              Duration.ofSeconds(60),
              Duration.ofHours(9),
              Duration.ofSeconds(20),
              Duration.ofSeconds(5)),
          RetryPolicy.fixed(Duration.ofSeconds(10)).jitter(0).maxDeliveries(100),
          new WorkerSettings.Leaves(false, ExceptionText.MESSAGE));
  private final Trouble trouble = new Trouble("jobs/workers/me", loop);
  private final Attempts attempts =
      new Attempts(loop, trouble, random, settings.times().renewEvery());
  private final WorkerContext context =
      new WorkerContext(
          engine,
          new WorkerContext.Address("jobs", "me", "jobs:dead", "jobs:nudges"),
          settings,
          loop,
          new InFlight(),
          attempts,
          WorkerObserver.NONE,
          random);

  @AfterEach
  void noTaskFailed() {
    assertThat(world.time.errors()).isEmpty();
  }

  private void start(MessageHandler<String> handler) {
    Lifecycle lifecycle = new Lifecycle(trouble);
    WorkerRuntime runtime =
        new WorkerRuntime(
            context,
            new ReactiveInvoker<>(new MessageDecoder<>(World.JOBS), handler, world.time),
            now -> Duration.ZERO,
            lifecycle,
            Disposables.disposed());
    trouble.listen(runtime);
    loop.execute(runtime::start);
  }

  private void waitWithoutRedis() {
    world.server.faults().disconnect();
    world.advance(Duration.ofMinutes(2));
    int few = attempts.waiting();
    world.advance(Duration.ofMinutes(20));

    assertThat(few).as("tasks that wait after two minutes").isPositive();
    assertThat(attempts.waiting()).as("twenty minutes later").isLessThan(few + 10);
  }

  @Test
  void renewalsThatFailForLongTakeNoMoreMemory() {
    start(message -> Mono.never());
    world.publish(ENTRIES);
    world.advanceSeconds(1);
    assertThat(context.inFlight().count(Phase.RUNNING)).isEqualTo(ENTRIES);
    waitWithoutRedis();
  }

  @Test
  void redeliveriesThatFailForLongTakeNoMoreMemory() {
    start(message -> Mono.error(new IllegalStateException("this handler fails")));
    for (int i = 0; i < 8; i++) {
      world.publish("job-" + i);
      world.advanceSeconds(10);
    }
    assertThat(context.inFlight().size()).as("held, with counts of 1 to 8").isEqualTo(8);
    waitWithoutRedis();
  }

  @Test
  void whatAPauseGivesBackIsNotKeptByTheTimerOfRetries() {
    world
        .publish(ENTRIES)
        .forEach(id -> context.inFlight().add(id, 1, Phase.RUNNING, null, loop.nanos()));
    Nudges silent = new Nudges(context);
    RetryTimer retries = new RetryTimer(context, due -> {});
    GiveBack giveBack =
        new GiveBack(
            context,
            retries,
            new Releases(context, new Adoption(context), silent, gone -> {}, () -> {}));
    context.inFlight().all().forEach(held -> retries.wait(held, Duration.ofHours(5)));
    assertThat(retries.waiting()).isEqualTo(ENTRIES);
    giveBack.all();

    assertThat(retries.waiting()).isZero();
    assertThat(context.inFlight().count(Phase.RELEASING)).isEqualTo(ENTRIES);
  }
}
