package io.millstream.worker;

import io.millstream.engine.ConnectionEvent;
import io.millstream.worker.Trouble.Duty;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;

/**
 * The wiring of one worker: the road of an entry, and the background duties beside it.
 *
 * <pre>
 *   ReadLoop ------------------+
 *   Reaper, OwnPending -> Intake -> Dispatcher -> handler -> Settler -> Acks | RetryTimer | DeadLetters | Releases
 *   LeaseKeeper renews what InFlight holds; RetryTimer brings back to the Dispatcher
 * </pre>
 *
 * Everything here runs on the loop.
 */
final class WorkerRuntime implements Dispatcher.Next, ReadLoop.Next {
  private static final Logger log = LoggerFactory.getLogger(Worker.class);

  private final WorkerContext worker;
  private final Lifecycle lifecycle;
  private final Disposable resources;
  private final GroupKeeper group;
  private final ReadLoop reads;
  private final Dispatcher dispatcher;
  private final Intake intake;
  private final OwnPending own;
  private final Reaper reaper;
  private final LeaseKeeper leases;
  private final Settler settler;
  private final DeadLetters deadLetters;
  private final Drain drain;
  private final Disposable.Swap events = Disposables.swap();
  private boolean started;
  private boolean stopping;
  private boolean ended;
  private boolean wasDisconnected;

  /**
   * A worker, not yet started.
   *
   * @param resources what is let go when it has ended
   */
  WorkerRuntime(WorkerContext worker, Invoker invoker, Lifecycle lifecycle, Disposable resources) {
    this.worker = worker;
    this.lifecycle = lifecycle;
    this.resources = resources;
    this.group = new GroupKeeper(worker);
    this.dispatcher = new Dispatcher(worker, invoker, this);
    this.deadLetters = new DeadLetters(worker, this::freed);
    Releases releases = new Releases(worker, this::freed);
    RetryTimer retries = new RetryTimer(worker, dispatcher::due);
    this.settler =
        new Settler(worker, new Acks(worker, this::freed), retries, deadLetters, releases);
    this.intake = new Intake(worker, dispatcher, deadLetters);
    this.own = new OwnPending(worker, dispatcher, intake);
    this.reaper = new Reaper(worker, dispatcher, intake);
    this.leases = new LeaseKeeper(worker, intake, this::freed);
    this.reads = new ReadLoop(worker, group, this);
    this.drain = new Drain(worker, dispatcher, retries, releases, this::end);
  }

  /**
   * Gets through to Redis, sees to the group and the name, takes up what is pending under it, and
   * begins to read.
   */
  void start() {
    if (stopping) {
      return;
    }
    worker.trouble().onGroupLost(() -> group.restore(() -> {}));
    events.update(
        worker
            .engine()
            .events()
            .subscribe(
                event -> worker.loop().execute(() -> connection(event)),
                error -> {},
                () -> worker.loop().execute(this::engineClosed)));
    group.ensure(
        () -> {
          if (worker.settings().fixedName() == null) {
            join();
          } else {
            new NameGuard(worker, this::join, this::refuse).check();
          }
        });
  }

  private void join() {
    if (stopping || ended) {
      return;
    }
    started = true;
    lifecycle.running();
    log.info("{}: running", worker.name());
    leases.start();
    reads.hold(true);
    own.look(() -> reads.hold(false));
    reaper.start();
  }

  private void refuse(String why) {
    log.error("{}: {}", worker.name(), why);
    ended = true;
    letGo();
    lifecycle.failed(why);
  }

  /** After any trouble: hold on to what is held before looking at what others seem to have left. */
  private void connection(ConnectionEvent event) {
    switch (event) {
      case DISCONNECTED -> {
        wasDisconnected = true;
        worker
            .trouble()
            .met(
                Duty.CONNECTION,
                new io.millstream.engine.RedisException(
                    io.millstream.engine.RedisException.CONNECTION, "the connection was lost"));
      }
      case CONNECTED -> {
        worker.trouble().over(Duty.CONNECTION);
        if (started && wasDisconnected) {
          leases.renewAll();
          reaper.holdOff();
          own.look(() -> {});
        }
        wasDisconnected = false;
      }
    }
  }

  /** Begins to stop; asking again does nothing. */
  void stop() {
    if (stopping || ended) {
      return;
    }
    stopping = true;
    lifecycle.stopping();
    if (!started) {
      end();
      return;
    }
    log.info("{}: stopping", worker.name());
    drain.begin(reads, reaper, own);
  }

  private void engineClosed() {
    if (!ended) {
      stopping = true;
      log.warn("{}: its engine was closed under it; what it held stays pending", worker.name());
      dispatcher.close();
      dispatcher.abortAll();
      end();
    }
  }

  private void end() {
    if (ended) {
      return;
    }
    ended = true;
    log.info("{}: stopped", worker.name());
    letGo();
    lifecycle.stopped();
  }

  private void letGo() {
    leases.stop();
    events.dispose();
    worker.observer().stopped();
    resources.dispose();
    worker.loop().end();
  }

  // --- the joints of the road

  @Override
  public void settle(Held held, Settlement.Ending ending, boolean timedOut) {
    settler.settle(held, ending, timedOut);
  }

  @Override
  public void goneWhileWaiting(Held held) {
    held.gone = true;
    deadLetters.add(held, "the entry was deleted before its retry", null);
  }

  @Override
  public void lost(Held held, Phase before) {
    worker.observer().leaseLost();
    if (before == Phase.WAITING) {
      intake.unsure();
    }
  }

  @Override
  public void freed() {
    if (stopping) {
      drain.proceed();
    }
    lifecycle.saturated(saturated());
    own.pump();
    reaper.pump();
    reads.pump();
  }

  private boolean saturated() {
    return worker.inFlight().count(Phase.WAITING) >= worker.settings().capacity().maxWaiting();
  }

  @Override
  public int room() {
    boolean full = saturated();
    lifecycle.saturated(full);
    return full ? 0 : dispatcher.room();
  }

  @Override
  public boolean hungry() {
    return dispatcher.hungry();
  }

  @Override
  public void fresh(List<Held> entries) {
    dispatcher.fresh(entries);
  }

  @Override
  public void replyMayBeLost() {
    own.look(() -> {});
  }
}
