package io.millstream.worker;

import io.millstream.codec.MessageStream;
import io.millstream.engine.Engine;
import io.millstream.observe.GroupObserver;
import io.millstream.observe.Observer;
import io.millstream.observe.WorkerGauges;
import io.millstream.observe.WorkerObserver;
import io.millstream.worker.WorkerContext.Address;
import java.time.Duration;
import java.time.Instant;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;

/**
 * What workers live on: an engine, threads, a clock and chance. Made by the front door.
 *
 * @since 0.1
 */
public final class WorkerEnvironment {
  private final Engine engine;
  private final Scheduler loops;
  private final Scheduler handlers;
  private final Supplier<Scheduler> blockingHandlers;
  private final Observer observer;
  private final RandomGenerator random;
  private final @Nullable GroupPoll groups;

  /**
   * All that is needed.
   *
   * @param engine Redis
   * @param loops time, and the threads of workers' loops; nothing else may run on them
   * @param handlers threads for handlers that do not block
   * @param blockingHandlers makes threads for handlers that block; disposed of with their worker.
   *     They must start every task at once: how many there are is seen to by the worker
   * @param observer who listens
   * @param random for names and seeds; safe for use by several threads
   */
  public WorkerEnvironment(
      Engine engine,
      Scheduler loops,
      Scheduler handlers,
      Supplier<Scheduler> blockingHandlers,
      Observer observer,
      RandomGenerator random) {
    this.engine = engine;
    this.loops = loops;
    this.handlers = handlers;
    this.blockingHandlers = blockingHandlers;
    this.observer = observer;
    this.random = random;
    GroupObserver curious = observer.groups();
    this.groups = curious == null ? null : new GroupPoll(engine, handlers, curious);
  }

  /** Threads for handlers that do not block. */
  public Scheduler handlers() {
    return handlers;
  }

  /** Who listens. */
  public Observer observer() {
    return observer;
  }

  <T> Worker assemble(MessageStream<T> stream, WorkerSettings settings, Assembly<T> parts) {
    String consumer =
        settings.membership().fixedName() == null
            ? ConsumerNames.unique(random)
            : settings.membership().fixedName();
    Loop loop = new Loop(loops);
    InFlight inFlight = new InFlight();
    RandomGenerator chance = new SplittableRandom(random.nextLong());
    Trouble trouble = new Trouble(stream.name() + "/" + settings.group() + "/" + consumer, loop);
    GroupPoll.Watch watch =
        groups == null
            ? GroupPoll.Watch.NONE
            : groups.watch(stream.name(), settings.group(), stream.deadLetterKey(settings.group()));
    WorkerObserver listening =
        observer.worker(
            stream.name(), settings.group(), new Gauges(consumer, inFlight, loop, watch));
    WorkerContext context =
        new WorkerContext(
            engine,
            new Address(
                stream.name(),
                consumer,
                stream.deadLetterKey(settings.group()),
                stream.nudgeChannel(settings.group())),
            settings,
            loop,
            inFlight,
            new Attempts(loop, trouble, chance, settings.times().renewEvery()),
            listening,
            chance);
    Lifecycle lifecycle = new Lifecycle(trouble);
    HandlerThreads threads = new HandlerThreads(handlers, blockingHandlers);
    Invoker invoker =
        parts.handling().invoker(new MessageDecoder<>(stream, new Surroundings(context)), threads);
    WorkerRuntime runtime =
        new WorkerRuntime(
            context, invoker, parts.guard(), lifecycle, Disposables.composite(threads, watch));
    trouble.listen(runtime);
    Worker worker = new DefaultWorker(context, lifecycle, runtime);
    lifecycle.listen((before, now) -> parts.listener().stateChanged(worker, before, now));
    return worker;
  }

  private record Gauges(String consumer, InFlight held, Loop loop, GroupPoll.Watch watch)
      implements WorkerGauges {
    @Override
    public int inFlight() {
      WorkerLoad load = held.load();
      return load.running() + load.ready();
    }

    @Override
    public int waiting() {
      return held.load().waiting();
    }

    @Override
    public Duration loopAge() {
      return loop.age();
    }

    @Override
    public @Nullable Instant serverTime() {
      return watch.serverTime();
    }
  }
}
