package io.millstream.worker;

import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The wiring of one worker: the road of an entry, and the background duties beside it.
 *
 * <pre>
 *   ReadLoop ------------------+
 *   Reaper, OwnPending -> Intake -> Dispatcher -> Runs -> Settler -> Acks | RetryTimer | DeadLetters | Releases
 *   LeaseKeeper renews what InFlight holds; RetryTimer brings back to the Dispatcher
 *   Silence lets nothing new come in, for Pause and Drain; GiveBack empties the hands
 * </pre>
 *
 * Everything here runs on the loop.
 */
final class Road implements Dispatcher.Next, Runs.Next, ReadLoop.Next {
  private static final Logger log = LoggerFactory.getLogger(Worker.class);

  private final WorkerContext worker;
  private final Gate gate;
  private final Lifecycle lifecycle;
  private final GroupKeeper group;
  private final ReadLoop reads;
  private final Dispatcher dispatcher;
  private final Runs runs;
  private final Intake intake;
  private final OwnPending own;
  private final Reaper reaper;
  private final LeaseKeeper leases;
  private final Settler settler;
  private final DeadLetters deadLetters;
  private final Nudges nudges;
  private final Pause pause;
  private final Drain drain;
  private Runnable drained = () -> {};
  private boolean draining;
  private boolean saturated;

  Road(WorkerContext worker, Invoker invoker, Gate gate, Lifecycle lifecycle) {
    this.worker = worker;
    this.gate = gate;
    this.lifecycle = lifecycle;
    this.group = new GroupKeeper(worker);
    Adoption adoption = new Adoption(worker);
    this.runs = new Runs(worker, invoker, gate, this);
    this.dispatcher = new Dispatcher(worker, gate, runs, adoption, this);
    this.deadLetters = new DeadLetters(worker, adoption, this::freed);
    this.nudges = new Nudges(worker);
    Releases releases = new Releases(worker, adoption, nudges, this::goneWhileWaiting, this::freed);
    RetryTimer retries = new RetryTimer(worker, dispatcher::due);
    this.settler =
        new Settler(worker, new Acks(worker, this::freed), retries, deadLetters, releases);
    this.intake = new Intake(worker, dispatcher, deadLetters);
    this.own = new OwnPending(worker, dispatcher, intake, this::freed);
    this.reaper = new Reaper(worker, dispatcher, intake);
    this.leases = new LeaseKeeper(worker, intake, adoption, this::freed);
    this.reads = new ReadLoop(worker, group, adoption, this);
    Silence silence = new Silence(reads, reaper, own);
    GiveBack giveBack = new GiveBack(worker, retries, releases);
    this.pause = new Pause(lifecycle, dispatcher, silence, giveBack);
    this.drain = new Drain(worker, dispatcher, runs, silence, giveBack, () -> drained.run());
  }

  /** What is told when the last word of a drain is said. */
  void whenDrained(Runnable done) {
    drained = done;
  }

  GroupKeeper group() {
    return group;
  }

  Pause pause() {
    return pause;
  }

  /** Opens it: what is pending under our name comes before anything new. */
  void begin() {
    leases.start();
    reads.hold(true);
    pause.open();
    own.look(() -> reads.hold(false));
    reaper.start();
    nudges.listen(reaper::nudged);
  }

  /** A connection was lost, and is there again. */
  void reassure() {
    leases.renewAll();
    reaper.holdOff();
    replyMayBeLost();
  }

  /** Trouble is over: if it was long enough for others to miss their renewals, they go first. */
  void healed(Duration after) {
    leases.renewAll();
    if (after.compareTo(worker.settings().times().renewEvery().dividedBy(2)) > 0) {
      reaper.holdOff();
    }
  }

  /** The group is gone. */
  void restoreGroup() {
    group.restore(
        () -> {
          worker.attempts().now();
          leases.renewAll();
        });
  }

  /** Starts what can be started. */
  void pump() {
    dispatcher.pump();
  }

  /** Begins to empty it. */
  void drain() {
    draining = true;
    drain.begin();
  }

  /** Nothing can be asked of Redis any more. */
  void cut() {
    dispatcher.close();
    runs.abortAll();
  }

  /** Nothing of it goes on. */
  void end() {
    leases.stop();
    nudges.stop();
    worker.inFlight().all().forEach(gate::giveBack); // handlers that outlive the worker
  }

  // --- the joints

  @Override
  public void settle(Held held, Settlement.Ending ending, boolean timedOut) {
    dispatcher.ended(held);
    settler.settle(held, ending, timedOut);
  }

  @Override
  public void placeFree() {
    freed();
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
    dispatcher.pump();
    if (draining) {
      drain.proceed();
    } else {
      pause.proceed();
    }
    saturated();
    own.pump();
    reaper.pump();
    reads.pump();
  }

  /** Whether as many wait for their retry as may; it is over when a quarter of them is gone. */
  private boolean saturated() {
    int most = worker.settings().capacity().maxWaiting();
    int waiting = worker.inFlight().count(Phase.WAITING);
    boolean full = saturated ? waiting > most - Math.max(1, most / 4) : waiting >= most;
    if (full != saturated) {
      saturated = full;
      if (full) {
        log.warn("{}: reads no more, {} messages wait for their retry", worker.name(), waiting);
      } else {
        log.info("{}: reads again, {} messages wait for their retry", worker.name(), waiting);
      }
      lifecycle.saturated(full);
    }
    return full;
  }

  @Override
  public int room() {
    return saturated() ? 0 : dispatcher.room();
  }

  @Override
  public boolean hungry() {
    return dispatcher.hungry();
  }

  @Override
  public void fresh(List<Held> entries) {
    long asked = entries.get(0).leasedNanos;
    dispatcher.fresh(entries);
    Duration waited = Duration.ofNanos(worker.loop().nanos() - asked);
    if (waited.compareTo(worker.settings().times().renewEvery()) > 0) {
      leases.renewAll(); // as far as we know their leases may be over: the read waited that long
    }
  }

  @Override
  public void replyMayBeLost() {
    if (pause.on() || draining) {
      own.lookOnceMore(() -> {}); // nothing is started: handlers need not be free for it
    } else {
      own.look();
    }
  }
}
