package io.millstream.worker;

import io.millstream.codec.MessageStream;
import io.millstream.engine.Engine;
import io.millstream.observe.Observer;
import io.millstream.observe.WorkerGauges;
import io.millstream.observe.WorkerObserver;
import io.millstream.worker.WorkerContext.Address;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import reactor.core.scheduler.Scheduler;

/**
 * What workers live on: an engine, threads, a clock and chance. Made by the front door.
 *
 * @param engine Redis
 * @param loops time, and the threads of workers' loops; nothing else may run on them
 * @param handlers threads for handlers that do not block
 * @param blockingHandlers makes threads for handlers that block; disposed of with their worker.
 *     They must start every task at once: how many there are is seen to by the worker
 * @param observer who listens
 * @param random for names and seeds; safe for use by several threads
 * @since 0.1
 */
public record WorkerEnvironment(
    Engine engine,
    Scheduler loops,
    Scheduler handlers,
    Supplier<Scheduler> blockingHandlers,
    Observer observer,
    RandomGenerator random) {

  <T> Worker assemble(MessageStream<T> stream, WorkerSettings settings, Assembly<T> parts) {
    String consumer =
        settings.membership().fixedName() == null
            ? ConsumerNames.unique(random)
            : settings.membership().fixedName();
    Loop loop = new Loop(loops);
    InFlight inFlight = new InFlight();
    RandomGenerator chance = new SplittableRandom(random.nextLong());
    Trouble trouble = new Trouble(stream.name() + "/" + settings.group() + "/" + consumer, loop);
    WorkerObserver listening =
        observer.worker(stream.name(), settings.group(), new Gauges(inFlight, loop));
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
    Invoker invoker = parts.handling().invoker(new MessageDecoder<>(stream), threads);
    WorkerRuntime runtime = new WorkerRuntime(context, invoker, parts.guard(), lifecycle, threads);
    trouble.listen(runtime);
    DefaultWorker worker = new DefaultWorker(context, lifecycle, runtime);
    lifecycle.listen(
        (before, now) -> {
          worker.changed();
          parts.listener().stateChanged(worker, before, now);
        });
    return worker;
  }

  private record Gauges(InFlight held, Loop loop) implements WorkerGauges {
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
  }
}
