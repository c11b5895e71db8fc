package io.millstream.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.millstream.engine.Engine;
import io.millstream.entry.EntryId;
import io.millstream.entry.Fields;
import io.millstream.guard.Guard;
import io.millstream.message.MessageHandler;
import io.millstream.observe.WorkerObserver;
import io.millstream.policy.RetryPolicy;
import java.time.Duration;
import java.util.List;
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
          ExceptionText.MESSAGE);
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
            new ReactiveInvoker<>(
                new MessageDecoder<>(World.JOBS, new Surroundings(context)), handler, world.time),
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
  void whatAPauseGivesBackIsNotKeptByTheDispatcherWhileAllHandlersAreBusy() {
    Gate gate = new Gate(loop, Guard.NONE, new Nobody());
    Runs runs = new Runs(context, (batch, ended) -> () -> {}, gate, new Nobody());
    Dispatcher dispatcher =
        new Dispatcher(context, gate, runs, new Adoption(context), new Nobody());
    List<EntryId> ids = world.publish(ENTRIES + 5);
    dispatcher.fresh(ids.subList(0, ENTRIES).stream().map(id -> hold(id, Phase.READY)).toList());
    assertThat(runs.count()).as("all handlers are busy").isEqualTo(ENTRIES);
    Held fresh = hold(ids.get(ENTRIES), Phase.READY);
    Held due = hold(ids.get(ENTRIES + 1), Phase.WAITING);
    Held recovered = hold(ids.get(ENTRIES + 2), Phase.CLAIMED);
    Held lastChance = hold(ids.get(ENTRIES + 3), Phase.CLAIMED);
    Held counted = hold(ids.get(ENTRIES + 4), Phase.READY);
    dispatcher.fresh(List.of(fresh));
    dispatcher.due(List.of(due));
    dispatcher.recovered(recovered, false);
    dispatcher.recovered(lastChance, true);
    dispatcher.counted(counted);
    assertThat(dispatcher.queued()).isEqualTo(5);

    dispatcher.close();
    List.of(fresh, due, recovered, lastChance, counted)
        .forEach(held -> context.inFlight().move(held, Phase.RELEASING));
    dispatcher.open();

    assertThat(dispatcher.queued()).isZero();
  }

  /** Whom nothing is told to. */
  private static final class Nobody implements Gate.Next, Runs.Next, Dispatcher.Next {
    @Override
    public void ask() {}

    @Override
    public void refused(String why) {}

    @Override
    public void admitted() {}

    @Override
    public void settle(Held held, Settlement.Ending ending, boolean timedOut) {}

    @Override
    public void placeFree() {}

    @Override
    public void goneWhileWaiting(Held held) {}

    @Override
    public void lost(Held held, Phase before) {}

    @Override
    public void freed() {}
  }

  private Held hold(EntryId id, Phase phase) {
    return context.inFlight().add(id, 1, phase, Fields.of("payload", "x"), loop.nanos());
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
