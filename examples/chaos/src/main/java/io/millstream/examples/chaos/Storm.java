package io.millstream.examples.chaos;

import io.millstream.examples.chaos.Diary.Cause;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** Lets the plan come true. */
final class Storm implements AutoCloseable {
  private static final int THREADS = 4;

  private final Topology topology;
  private final Fleet fleet;
  private final Eyes eyes;
  private final Diary diary;
  private final Progress progress;
  private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(THREADS);

  Storm(Topology topology, Fleet fleet, Eyes eyes, Diary diary, Progress progress) {
    this.topology = topology;
    this.fleet = fleet;
    this.eyes = eyes;
    this.diary = diary;
    this.progress = progress;
  }

  /** Returns when the time is up and all faults are over. */
  void rage(Plan plan, Duration length) {
    List<CompletableFuture<?>> all = new ArrayList<>();
    all.add(CompletableFuture.runAsync(Storm::nothing, after(length)));
    for (Fault fault : plan.faults()) {
      all.add(
          CompletableFuture.supplyAsync(() -> begin(fault), after(fault.at()))
              .thenCompose(end -> CompletableFuture.runAsync(end, after(fault.lasting()))));
    }
    CompletableFuture.allOf(all.toArray(CompletableFuture<?>[]::new)).join();
  }

  private static void nothing() {}

  private Executor after(Duration delay) {
    return task -> {
      var unused = threads.schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
    };
  }

  /** Lets a fault begin: what ends it. */
  private Runnable begin(Fault fault) {
    progress.say("%s", fault);
    return switch (fault.kind()) {
      case KILL_WORKER -> toWorker(fault, Child::kill);
      case STOP_WORKER -> toWorker(fault, child -> child.stop(diary.now()));
      case FREEZE_WORKER -> freeze(fault);
      case KILL_SERVER -> server(fault, killed(), topology::kill, this::restart);
      case FAIL_OVER -> server(fault, Cause.FAILOVER, topology::failOver, Storm::nothing);
      // no reason for anything: nothing is lost on the way
      case MOVE_SLOT -> server(fault, Cause.STANDSTILL, topology::moveSlot, Storm::nothing);
      case FREEZE_SERVER -> server(fault, Cause.STANDSTILL, topology::freeze, topology::thaw);
      case KILL_CLIENTS -> connections(fault, wire -> {}, wire -> {}, eyes::killClients);
      case CUT -> connections(fault, Wire::cut, wire -> {}, Storm::nothing);
      case CUT_REPLY -> connections(fault, Wire::cutReply, Wire::sparesReplies, Storm::nothing);
      case HALF_OPEN -> connections(fault, Wire::hold, Wire::drop, Storm::nothing);
      case STALL -> connections(fault, Wire::hold, Wire::release, Storm::nothing);
    };
  }

  /** Where there is a replica it may take over meanwhile. */
  private Cause killed() {
    return topology.can(Fault.Kind.FAIL_OVER) ? Cause.FAILOVER : Cause.RESTART;
  }

  private Runnable toWorker(Fault fault, Consumer<Child> what) {
    fleet.child(fault.target()).ifPresentOrElse(what, () -> progress.say("(it was not running)"));
    return Storm::nothing;
  }

  private Runnable freeze(Fault fault) {
    Optional<Child> running = fleet.child(fault.target());
    if (running.isEmpty()) {
      progress.say("(it was not running)");
      return Storm::nothing;
    }
    Child child = running.get();
    int number = diary.begins(Cause.FREEZE, child.name(), fault.toString());
    Signals.freeze(child.process());
    child
        .consumer()
        .flatMap(consumer -> eyes.ask(look -> look.pending(consumer)))
        .ifPresent(rows -> diary.left(Cause.FREEZE, child.name(), rows));
    return () -> {
      Signals.thaw(child.process());
      diary.isOver(number);
    };
  }

  private Runnable server(Fault fault, Cause cause, Runnable begin, Runnable end) {
    int number = diary.begins(cause, Diary.ALL, fault.toString());
    begin.run();
    return () -> {
      end.run();
      diary.isOver(number);
    };
  }

  private void restart() {
    try {
      topology.restart();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Runnable connections(
      Fault fault, Consumer<Wire> begin, Consumer<Wire> end, Runnable once) {
    String subject = fault.target() == 0 ? Diary.ALL : Processes.name(fault.target());
    int number = diary.begins(Cause.CONNECTION, subject, fault.toString());
    wires(fault).forEach(begin);
    try {
      once.run();
    } catch (io.lettuce.core.RedisException e) {
      progress.say("(the server did not answer)");
    }
    return () -> {
      wires(fault).forEach(end);
      diary.isOver(number);
    };
  }

  private List<Wire> wires(Fault fault) {
    return IntStream.rangeClosed(1, Processes.ALL)
        .filter(process -> fault.target() == 0 || fault.target() == process)
        .mapToObj(topology::wire)
        .flatMap(Optional::stream)
        .toList();
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
