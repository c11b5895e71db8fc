package io.millstream.worker;

import static io.millstream.worker.World.GROUP;
import static io.millstream.worker.World.JOBS;
import static org.assertj.core.api.Assertions.assertThat;

import io.millstream.engine.CreateArgs;
import io.millstream.engine.ReadArgs;
import io.millstream.engine.Reader;
import io.millstream.engine.RedisException;
import io.millstream.entry.EntryId;
import io.millstream.guard.Guard;
import io.millstream.message.Message;
import io.millstream.policy.RetryPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** Suspicions of the review; each test says what ought to hold, and fails where it does not. */
class ReviewTest {
  private final World world = new World();
  private final List<Message<String>> handled = new ArrayList<>();
  private final List<String> cancelled = new ArrayList<>();

  private static final RedisException BUSY =
      new RedisException("BUSY", "BUSY Redis is busy running a script.");

  private Mono<Void> record(Message<String> message) {
    handled.add(message);
    return Mono.empty();
  }

  private void abandon(String consumer, int count) {
    world.admin.groups().create(JOBS.name(), GROUP, CreateArgs.from("0")).onErrorComplete().block();
    Reader reader = Objects.requireNonNull(world.admin.openReader().block());
    reader.read(ReadArgs.fresh(JOBS.name(), GROUP, consumer, count, null)).block();
    reader.close().block();
  }

  private void deleteConsumer(Worker worker) {
    world.admin.groups().deleteConsumer(JOBS.name(), GROUP, worker.consumer()).block();
  }

  private void advanceMillis(long millis) {
    for (long i = 0; i < millis; i++) {
      world.advance(Duration.ofMillis(1));
    }
  }

  private static int attemptsWaiting(Worker worker) {
    try {
      var contextField = DefaultWorker.class.getDeclaredField("context");
      contextField.setAccessible(true);
      WorkerContext context = (WorkerContext) contextField.get(worker);
      var waitingField = Attempts.class.getDeclaredField("waiting");
      waitingField.setAccessible(true);
      int sum = 0;
      for (Object waits : ((Map<?, ?>) waitingField.get(context.attempts())).values()) {
        var tasks = waits.getClass().getDeclaredField("tasks");
        tasks.setAccessible(true);
        sum += ((java.util.Collection<?>) tasks.get(waits)).size();
      }
      return sum;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  // T1
  @Test
  void whatIsReleasedThoughItsRowIsGoneIsNotLost() {
    Worker worker =
        world
            .worker()
            .concurrency(1)
            .readAhead(4)
            .drainTimeout(Duration.ofSeconds(1))
            .handle(message -> Mono.never())
            .start();
    world.publish(5);
    world.advanceSeconds(1);
    assertThat(world.pending()).hasSize(5);
    deleteConsumer(worker); // within its renewal period
    worker.stop().subscribe();
    world.advanceSeconds(30);
    world.worker().handle(this::record).start();
    world.advance(Duration.ofMinutes(10));
    assertThat(handled).as("all five are handled by the other worker").hasSize(5);
  }

  // T2
  @Test
  void aRowPutBackWhoseReplyWasLostCancelsNobody() {
    Worker worker =
        world
            .worker()
            .visibilityTimeout(Duration.ofSeconds(30))
            .handle(
                message -> {
                  handled.add(message);
                  return Mono.delay(Duration.ofSeconds(60), world.time)
                      .then()
                      .doOnCancel(() -> cancelled.add(message.payload()));
                })
            .start();
    world.publish("one");
    world.advanceSeconds(1);
    deleteConsumer(worker);
    world.server.faults().loseReply("XCLAIM", 1);
    world.advanceSeconds(200);
    assertThat(cancelled).as("nobody else has it").isEmpty();
    assertThat(handled).hasSize(1);
  }

  // T3a
  @Test
  void aPauseCompletesThoughARowHadToBePutBack() {
    Worker worker =
        world
            .worker()
            .visibilityTimeout(Duration.ofSeconds(60))
            .retry(RetryPolicy.fixed(Duration.ofSeconds(5)).jitter(0))
            .handle(
                message -> {
                  handled.add(message);
                  return Mono.error(new IllegalStateException());
                })
            .start();
    world.publish("one");
    world.advanceSeconds(1);
    deleteConsumer(worker);
    world.server.faults().failNext("XCLAIM", 20, BUSY);
    world.advanceSeconds(5); // due, its row is gone, putting it back takes a while
    AtomicBoolean paused = new AtomicBoolean();
    worker.pause().subscribe(null, null, () -> paused.set(true));
    world.advanceSeconds(60);
    System.out.println(worker.load() + " " + worker.state() + " " + world.pending());
    assertThat(paused).isTrue();
  }

  // T3b
  @Test
  void aRetryWhoseRowWasPutBackIsDeliveredThough() {
    Worker worker =
        world
            .worker()
            .visibilityTimeout(Duration.ofSeconds(60))
            .retry(RetryPolicy.fixed(Duration.ofSeconds(5)).jitter(0))
            .handle(
                message -> {
                  handled.add(message);
                  return message.delivery() == 1
                      ? Mono.error(new IllegalStateException())
                      : Mono.empty();
                })
            .start();
    world.publish("one");
    world.advanceSeconds(1);
    deleteConsumer(worker);
    world.server.faults().failNext("XCLAIM", 1, BUSY);
    world.advanceSeconds(600);
    System.out.println(worker.load() + " " + worker.state() + " " + world.pending());
    assertThat(handled).hasSize(2);
  }

  /** Counts what is out. */
  private static class Counting implements Guard {
    final AtomicInteger out = new AtomicInteger();
    Duration wait = Duration.ZERO;

    @Override
    public Duration tryAcquire(long nowNanos) {
      if (wait.isZero()) {
        out.incrementAndGet();
      }
      return wait;
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
    public void failed(Duration time, Throwable failure) {
      out.decrementAndGet();
    }
  }

  // T4
  @Test
  void leaveForWhatTurnsOutToBeDeletedIsGivenBack() {
    Counting guard = new Counting();
    guard.wait = Duration.ofSeconds(1);
    EntryId id = world.publish("one");
    abandon("dead", 1);
    Worker worker =
        world
            .worker()
            .visibilityTimeout(Duration.ofSeconds(30))
            .guard(guard)
            .handle(this::record)
            .start();
    while (worker.load().ready() == 0) {
      world.advanceSeconds(1); // taken over, and waits for leave
    }
    world.admin.streams().delete(JOBS.name(), List.of(id)).block();
    guard.wait = Duration.ZERO;
    world.advanceSeconds(60);
    assertThat(handled).isEmpty();
    assertThat(worker.load().ready()).isZero();
    assertThat(guard.out).as("permits that are out").hasValue(0);
  }

  // T5a
  @Test
  void renewalsThatFailForLongTakeNoMemory() {
    Worker worker =
        world
            .worker()
            .concurrency(1000)
            .handlerTimeout(Duration.ofHours(9))
            .handle(message -> Mono.never())
            .start();
    world.publish(1000);
    world.advanceSeconds(1);
    world.server.faults().disconnect();
    world.advance(Duration.ofMinutes(2));
    int few = attemptsWaiting(worker);
    world.advance(Duration.ofMinutes(20));
    int many = attemptsWaiting(worker);
    assertThat(many).as("tasks that wait: after 2 minutes " + few).isLessThan(few + 10);
  }

  // T5b
  @Test
  void redeliveriesThatFailForLongTakeNoMemory() {
    Worker worker =
        world
            .worker()
            .retry(RetryPolicy.fixed(Duration.ofSeconds(10)).jitter(0).maxDeliveries(100))
            .handle(message -> Mono.error(new IllegalStateException()))
            .start();
    for (int i = 0; i < 8; i++) {
      world.publish("job-" + i);
      world.advanceSeconds(10);
    }
    world.server.faults().disconnect();
    world.advance(Duration.ofMinutes(2));
    int few = attemptsWaiting(worker);
    world.advance(Duration.ofMinutes(20));
    int many = attemptsWaiting(worker);
    assertThat(many).as("tasks that wait: after 2 minutes " + few).isLessThan(few + 10);
  }

  // T6a
  @Test
  void aPausedWorkerSaysSoWhenTroubleIsOver() {
    Worker worker = world.worker().handle(this::record).start();
    world.advanceSeconds(1);
    world.server.faults().disconnect();
    world.advanceSeconds(5);
    worker.pause().subscribe();
    world.advanceSeconds(5);
    world.server.faults().connect();
    world.advance(Duration.ofMinutes(10));
    assertThat(worker.state()).as(worker.trouble().toString()).isEqualTo(WorkerState.PAUSED);
  }

  // T6b
  @Test
  void troubleWithARedeliveryIsOverWhenThereIsNoneToBeMade() {
    Worker worker =
        world
            .worker()
            .visibilityTimeout(Duration.ofSeconds(60))
            .retry(RetryPolicy.fixed(Duration.ofSeconds(5)).jitter(0))
            .handle(
                message -> {
                  handled.add(message);
                  return message.delivery() == 1
                      ? Mono.error(new IllegalStateException())
                      : Mono.empty();
                })
            .start();
    world.publish("one");
    world.advanceSeconds(1);
    world.server.faults().failNext("redeliver", 1000, BUSY);
    world.advanceSeconds(10);
    worker.pause().subscribe();
    world.advanceSeconds(1);
    world.server.faults().clear();
    world.advanceSeconds(1);
    world.worker().handle(this::record).start(); // has it in the end
    world.advance(Duration.ofMinutes(10));
    worker.resume();
    world.advance(Duration.ofMinutes(10));
    assertThat(handled).hasSize(2);
    assertThat(worker.state()).as(worker.trouble().toString()).isEqualTo(WorkerState.RUNNING);
  }

  // T7
  @Test
  void afterTroubleWithoutALostConnectionEverybodyRenewsBeforeAnybodyReaps() {
    for (int extra = 0; extra < 40; extra++) {
      World w = new World();
      List<String> starts = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        w.worker()
            .visibilityTimeout(Duration.ofSeconds(30))
            .handlerTimeout(Duration.ofMinutes(30))
            .concurrency(2)
            .readAhead(0)
            .handle(
                message -> {
                  starts.add(message.payload());
                  return Mono.never();
                })
            .start();
      }
      w.advanceSeconds(60);
      w.publish(2);
      w.advanceSeconds(1);
      assertThat(starts).hasSize(2);
      for (String command :
          List.of(
              "XREADGROUP",
              "takeOver",
              "takeReleased",
              "renew",
              "openReader",
              "XPENDING",
              "XCLAIM")) {
        w.server.faults().failNext(command, 100_000, BUSY);
      }
      w.advance(Duration.ofSeconds(90).plusMillis(37L * extra));
      w.server.faults().clear();
      w.advanceSeconds(60);
      assertThat(starts).as("starts of two messages, run " + extra).hasSize(2);
    }
  }

  // T8
  @Test
  void aReleaseOfTheLoneEntryThatIsConfirmedLateHoldsNobodyUp() {
    world.publish("poison");
    abandon("dead", 1);
    Worker worker =
        world
            .worker()
            .visibilityTimeout(Duration.ofSeconds(30))
            .retry(RetryPolicy.none().maxDeliveries(2))
            .handle(this::record)
            .start();
    world.server.faults().failNext("redeliver", 1, BUSY);
    for (int i = 0; worker.load().ready() == 0; i++) {
      world.advance(Duration.ofMillis(1));
    }
    world.server.faults().failNext("release", 4, BUSY);
    worker.pause().subscribe();
    advanceMillis(20);
    System.out.println("T8 " + worker.load());
    worker.resume();
    advanceMillis(2);
    world.publish("next");
    for (int i = 0; i < 10; i++) {
      advanceMillis(100);
      System.out.println("T8 " + worker.load() + worker.state() + handled.size());
    }
    world.advanceSeconds(600);
    System.out.println("T8 " + worker.load() + worker.state() + handled.size() + world.pending());
    assertThat(handled).extracting(Message::payload).contains("next");
  }

  // T9
  @Test
  void theLoneEntryStartsWithLeaveOnly() {
    Counting guard = new Counting();
    world.publish("poison");
    abandon("dead", 1);
    AtomicInteger outAtStart = new AtomicInteger(-1);
    Worker worker =
        world
            .worker()
            .visibilityTimeout(Duration.ofSeconds(30))
            .retry(RetryPolicy.none().maxDeliveries(2))
            .guard(guard)
            .handle(
                message -> {
                  outAtStart.set(guard.out.get());
                  return Mono.empty();
                })
            .start();
    // pauses in the very turn in which the redelivery is asked for, and resumes at once
    while (worker.load().ready() == 0 && outAtStart.get() < 0) {
      world.advance(Duration.ofMillis(1));
    }
    System.out.println("T9 " + worker.load() + outAtStart);
  }

  // T10
  @Test
  void aRetryWhoseCountedReplyWasLostIsGivenBackByAStop() {
    Worker worker =
        world
            .worker()
            .retry(RetryPolicy.fixed(Duration.ofSeconds(5)).jitter(0))
            .handle(
                message -> {
                  handled.add(message);
                  return Mono.error(new IllegalStateException());
                })
            .start();
    world.publish("one");
    world.advanceSeconds(1);
    world.server.faults().loseReply("redeliver", 1);
    while (worker.state() != WorkerState.BACKING_OFF) {
      world.advance(Duration.ofMillis(1));
    }
    worker.stop().subscribe();
    world.advanceSeconds(30);
    assertThat(worker.state()).isEqualTo(WorkerState.STOPPED);
    assertThat(world.pending())
        .singleElement()
        .satisfies(row -> assertThat(row.consumer()).isEqualTo("millstream.released"))
        .satisfies(row -> assertThat(row.deliveries()).isEqualTo(handled.size()));
  }

  // T10b
  @Test
  void aRetryWhoseCountedReplyWasLostIsNotTakenForLost() {
    Worker worker =
        world
            .worker()
            .concurrency(1)
            .readAhead(0)
            .retry(RetryPolicy.fixed(Duration.ofSeconds(19)).jitter(0))
            .handle(
                message -> {
                  handled.add(message);
                  return message.delivery() == 1
                      ? Mono.error(new IllegalStateException())
                      : Mono.empty();
                })
            .start();
    world.publish("one");
    world.advanceSeconds(1);
    world.server.faults().loseReply("redeliver", 1);
    world.server.faults().failNext("redeliver", 0, BUSY);
    while (worker.state() != WorkerState.BACKING_OFF) {
      world.advance(Duration.ofMillis(1));
    }
    world.server.faults().failNext("redeliver", 20, BUSY); // until a renewal comes in between
    world.advanceSeconds(30);
    System.out.println("T10b " + worker.load() + handled.size() + world.pending());
    assertThat(handled).hasSize(2);
  }

  // T11
  @Test
  void whatWasAcknowledgedMeanwhileIsNotPutBack() {
    List<Long> starts = new ArrayList<>();
    Worker worker =
        world
            .worker()
            .visibilityTimeout(Duration.ofSeconds(30))
            .handle(
                message -> {
                  starts.add(message.delivery());
                  return Mono.delay(Duration.ofMillis(10_020), world.time).then();
                })
            .start();
    advanceMillis(1);
    world.publish("one");
    world.advanceSeconds(1);
    deleteConsumer(worker);
    world.server.faults().failNext("XCLAIM", 1, BUSY); // putting it back is tried once more
    world.advanceSeconds(300);
    System.out.println("T11 " + starts + world.pending() + worker.load());
    assertThat(starts).hasSize(1);
  }

  // T11b
  @Test
  void whatWasAcknowledgedMeanwhileIsNotPutBackAndCountsAreNotBelowStarts() {
    List<Long> starts = new ArrayList<>();
    Worker worker =
        world
            .worker()
            .visibilityTimeout(Duration.ofSeconds(30))
            .handle(
                message -> {
                  starts.add(message.delivery());
                  return Mono.delay(Duration.ofMillis(10_020), world.time).then();
                })
            .start();
    advanceMillis(1);
    world.publish("one");
    world.advanceSeconds(1);
    deleteConsumer(worker);
    world.server.faults().failNext("XCLAIM", 1, BUSY);
    world.advanceSeconds(12);
    world.server.faults().disconnect();
    world.server.faults().connect();
    world.advanceSeconds(300);
    System.out.println("T11b " + starts + world.pending() + worker.load());
    assertThat(starts).doesNotHaveDuplicates();
  }

  // T12
  @Test
  void failingAtALostGroupIsOverWhenHandlersAre() {
    Worker worker = world.worker().onLostGroup(LostGroup.FAIL).handle(this::record).start();
    world.publish(2);
    world.advanceSeconds(1);
    world.admin.groups().destroy(JOBS.name(), GROUP).block();
    world.advanceSeconds(5);
    assertThat(worker.state()).isEqualTo(WorkerState.FAILED);
  }

  // T12b
  @Test
  void stoppingWithoutAGroupIsOverWhenHandlersAre() {
    Worker worker = world.worker().handle(this::record).start();
    world.advanceSeconds(1);
    worker.stop().subscribe();
    world.admin.groups().destroy(JOBS.name(), GROUP).block();
    world.advanceSeconds(5);
    assertThat(worker.state()).isEqualTo(WorkerState.STOPPED);
  }

  // T13
  @Test
  void aWorkerPausedBeforeItsStartClaimsNothing() {
    world.publish("one");
    abandon("dead", 1);
    Worker other = world.worker().concurrency(1).readAhead(0).handle(m -> Mono.never()).start();
    world.advanceSeconds(1);
    other.stop().subscribe();
    world
        .admin
        .steps()
        .release(
            JOBS.name(),
            GROUP,
            "dead",
            List.of(
                new io.millstream.engine.AtomicSteps.Release(
                    world.pending().get(0).id(), 1, 0, Duration.ofHours(24))))
        .block();
    world.advanceSeconds(1);
    Worker worker = world.worker().nudge(true).handle(this::record).build();
    List<String> nudges = new ArrayList<>();
    worker.pause().subscribe();
    worker.start();
    world.server.faults().failNext("takeReleased", 1, BUSY);
    world.advance(Duration.ofMillis(10));
    System.out.println("T13 " + worker.load() + worker.state() + worker.trouble());
    assertThat(worker.trouble().orElse("")).doesNotContain("reap");
  }

  // T14
  @Test
  void leaveOfAHandlerThatDoesNotEndComesBackWithTheEndOfTheWorker() {
    Counting guard = new Counting();
    Worker worker =
        world
            .worker()
            .guard(guard)
            .drainTimeout(Duration.ofSeconds(1))
            .handle(
                message ->
                    Mono.<Void>fromRunnable(() -> handled.add(message)).then(neverCancelled()))
            .start();
    world.publish("one");
    world.advanceSeconds(1);
    worker.stop().subscribe();
    world.advanceSeconds(60);
    assertThat(worker.state()).isEqualTo(WorkerState.STOPPED);
    assertThat(guard.out).hasValue(0);
  }

  private static Mono<Void> neverCancelled() {
    return Mono.never();
  }

  // T8b
  @Test
  void aLoneEntryThatWasGivenBackHoldsNobodyUpForEver() {
    EntryId poison = world.publish("poison");
    abandon("dead", 1);
    Worker worker =
        world
            .worker()
            .concurrency(1)
            .readAhead(0)
            .visibilityTimeout(Duration.ofSeconds(30))
            .retry(RetryPolicy.none().maxDeliveries(2))
            .handle(this::record)
            .start();
    world.server.faults().failNext("redeliver", 1, BUSY);
    while (worker.load().ready() == 0) {
      world.advance(Duration.ofMillis(1));
    }
    world.server.faults().failNext("release", 4, BUSY);
    worker.pause().subscribe();
    advanceMillis(20);
    worker.resume();
    advanceMillis(2);
    world.publish("next");
    while (worker.load().settling() > 0) {
      world.advance(Duration.ofMillis(1)); // until the release is confirmed
    }
    // another worker takes up the released one
    world
        .admin
        .groups()
        .claimJustId(
            JOBS.name(),
            GROUP,
            "other",
            Duration.ZERO,
            List.of(poison),
            io.millstream.engine.ClaimArgs.NONE)
        .block();
    world.admin.groups().ack(JOBS.name(), GROUP, List.of(poison)).block();
    world.advance(Duration.ofHours(1));
    System.out.println("T8b " + worker.load() + worker.state() + world.pending());
    assertThat(handled).extracting(Message::payload).containsExactly("next");
  }

  // T9b
  @Test
  void theLoneEntryStartsWithLeaveOnlyAlsoAfterAQuickResume() {
    world.publish("poison");
    abandon("dead", 1);
    AtomicInteger outAtStart = new AtomicInteger(-1);
    Worker[] worker = new Worker[1];
    Counting guard =
        new Counting() {
          @Override
          public Duration tryAcquire(long nowNanos) {
            if (outAtStart.get() == -1) {
              worker[0].pause().subscribe();
              outAtStart.set(-2);
            }
            return super.tryAcquire(nowNanos);
          }

          @Override
          public void giveBack() {
            super.giveBack();
            worker[0].resume();
          }
        };
    worker[0] =
        world
            .worker()
            .visibilityTimeout(Duration.ofSeconds(30))
            .retry(RetryPolicy.none().maxDeliveries(2))
            .guard(guard)
            .handle(
                message -> {
                  outAtStart.set(guard.out.get());
                  return Mono.empty();
                })
            .start();
    world.advanceSeconds(120);
    assertThat(outAtStart).as("permits that are out when the handler starts").hasValue(1);
  }

  // S3
  @Test
  void aPausedWorkerGivesBackAllThatIsFoundUnderItsName() {
    Worker worker = world.worker().handle(this::record).start();
    world.advanceSeconds(1);
    worker.pause().subscribe();
    world.advanceSeconds(1);
    world.publish(60);
    abandon(worker.consumer(), 60); // a read of an old connection, say
    world.server.faults().disconnect();
    world.server.faults().connect();
    world.advance(Duration.ofMinutes(10));
    System.out.println("S3 " + worker.load());
    assertThat(world.pending().stream().filter(row -> row.consumer().equals(worker.consumer())))
        .isEmpty();
    assertThat(worker.load()).isEqualTo(new WorkerLoad(0, 0, 0, 0));
  }

  // S5
  @Test
  void whatWasReleasedWithALostReplyIsTakenUpSoonAfterAResume() {
    List<reactor.core.publisher.MonoSink<Void>> sinks = new ArrayList<>();
    Worker worker =
        world
            .worker()
            .concurrency(1)
            .readAhead(4)
            .handle(
                message -> {
                  handled.add(message);
                  return handled.size() > 1 ? Mono.<Void>empty() : Mono.<Void>create(sinks::add);
                })
            .start();
    world.publish(5);
    world.advanceSeconds(1);
    world.server.faults().loseReply("release", 1);
    worker.pause().subscribe();
    while (worker.state() != WorkerState.BACKING_OFF) {
      world.advance(Duration.ofMillis(1));
    }
    worker.resume();
    world.advanceSeconds(1);
    sinks.get(0).success();
    world.advanceSeconds(5);
    System.out.println("S5 " + worker.load() + world.pending());
    assertThat(handled).hasSize(5);
  }

  // S55
  @Test
  void aGuardThatThrowsOnceLosesNoMessage() {
    AtomicBoolean thrown = new AtomicBoolean();
    Guard guard =
        nanos -> {
          if (!thrown.getAndSet(true)) {
            throw new IllegalStateException("a listener of the limiter failed");
          }
          return Duration.ZERO;
        };
    world.worker().guard(guard).handle(this::record).start();
    world.publish("one");
    world.advanceSeconds(1);
    world.publish("two");
    world.advance(Duration.ofHours(1));
    assertThat(handled).hasSize(2);
  }

  // S4
  @Test
  void pausesLeaveNothingBehindInTheTimerOfRetries() throws Exception {
    Worker worker =
        world
            .worker()
            .visibilityTimeout(Duration.ofSeconds(10))
            .retry(RetryPolicy.fixed(Duration.ofHours(5)).jitter(0).maxDeliveries(1000))
            .handle(message -> Mono.error(new IllegalStateException()))
            .start();
    world.publish(100);
    world.advanceSeconds(1);
    int first = timers(worker);
    for (int i = 0; i < 20; i++) {
      worker.pause().subscribe();
      world.advanceSeconds(20);
      worker.resume();
      world.advanceSeconds(60);
    }
    System.out.println("S4 " + worker.load() + timers(worker));
    assertThat(timers(worker)).as("at first " + first).isLessThanOrEqualTo(first);
  }

  private static int timers(Worker worker) throws Exception {
    Object settler = field(field(field(worker, "runtime"), "road"), "settler");
    return ((java.util.Collection<?>) field(field(settler, "retries"), "waiting")).size();
  }

  private static Object field(Object of, String name) throws Exception {
    var field = of.getClass().getDeclaredField(name);
    field.setAccessible(true);
    return Objects.requireNonNull(field.get(of));
  }

  // G1
  @Test
  void handlersRunOnWhenTheGroupIsMadeAnewByThisWorker() {
    world
        .worker()
        .visibilityTimeout(Duration.ofSeconds(30))
        .handle(
            message -> {
              handled.add(message);
              return Mono.delay(Duration.ofSeconds(60), world.time)
                  .then()
                  .doOnCancel(() -> cancelled.add(message.payload()));
            })
        .start();
    world.publish(3);
    world.advanceSeconds(1);
    world.admin.groups().destroy(JOBS.name(), GROUP).block();
    world.advanceSeconds(200);
    System.out.println("G1 " + handled + cancelled + world.pending());
    assertThat(cancelled).isEmpty();
    assertThat(handled).hasSize(3);
  }

  // G2
  @Test
  void handlersRunOnWhenTheGroupIsMadeAnewByAnotherThatHasSeenNothing() {
    World w = world;
    w.worker()
        .visibilityTimeout(Duration.ofSeconds(30))
        .handle(
            message -> {
              handled.add(message);
              return Mono.delay(Duration.ofSeconds(60), world.time)
                  .then()
                  .doOnCancel(() -> cancelled.add(message.payload()));
            })
        .start();
    w.publish(3);
    w.advanceSeconds(1);
    w.worker()
        .visibilityTimeout(Duration.ofSeconds(30))
        .handle(
            message -> {
              handled.add(message);
              return Mono.empty();
            })
        .start();
    w.advanceSeconds(1);
    w.admin.groups().destroy(JOBS.name(), GROUP).block();
    w.advanceSeconds(200);
    System.out.println("G2 " + handled + cancelled + world.pending());
    assertThat(cancelled).isEmpty();
  }

  // G3
  @Test
  void aRetryKeepsItsCountWhenTheGroupIsMadeAnew() {
    world
        .worker()
        .visibilityTimeout(Duration.ofSeconds(30))
        .retry(RetryPolicy.fixed(Duration.ofSeconds(5)).jitter(0).maxDeliveries(3))
        .handle(
            message -> {
              handled.add(message);
              return Mono.error(new IllegalStateException());
            })
        .start();
    world.publish(1);
    world.advanceSeconds(7);
    world.admin.groups().destroy(JOBS.name(), GROUP).block();
    world.advanceSeconds(200);
    System.out.println("G3 " + handled + world.deadLetters().size());
    assertThat(handled).extracting(Message::delivery).containsExactly(1L, 2L, 3L);
  }

  // F1: a group that is lost before the worker has joined, policy FAIL
  @Test
  void aGroupThatIsLostBeforeTheWorkerHasJoinedFailsIt() {
    world.admin.streams().add(JOBS.name(), io.millstream.entry.Fields.of("payload", "x")).block();
    Worker worker =
        world.worker().consumer("fixed").onLostGroup(LostGroup.FAIL).handle(this::record).build();
    world.server.faults().failNext("XINFO CONSUMERS", 1, new RedisException("NOGROUP", "NOGROUP"));
    List<String> ends = new ArrayList<>();
    worker.whenStopped().subscribe(null, e -> ends.add("failed"), () -> ends.add("stopped"));
    worker.start();
    world.advanceSeconds(10);
    System.out.println("F1 " + worker.state() + ends + worker.trouble());
    assertThat(worker.state()).isEqualTo(WorkerState.FAILED);
  }

  // L1: a listener that stops, pauses and resumes
  @Test
  void aListenerMayStopPauseAndResume() {
    for (String what : List.of("stop", "pause", "resume", "pause-resume")) {
      World w = new World();
      List<String> states = new ArrayList<>();
      Worker worker =
          w.worker()
              .listener(
                  (each, before, now) -> {
                    states.add(before + ">" + now);
                    if (what.equals("stop") && now == WorkerState.BACKING_OFF) {
                      each.stop().subscribe();
                    }
                    if (what.startsWith("pause") && now == WorkerState.BACKING_OFF) {
                      each.pause().subscribe();
                    }
                    if (what.equals("pause-resume") && now == WorkerState.PAUSED) {
                      each.resume();
                    }
                  })
              .handle(message -> Mono.empty())
              .start();
      w.advanceSeconds(1);
      w.server.faults().failNext("XREADGROUP", 2, BUSY);
      w.publish("one");
      w.advanceSeconds(60);
      w.server.faults().disconnect();
      w.advanceSeconds(3);
      w.server.faults().connect();
      w.advanceSeconds(60);
      System.out.println("L1 " + what + states + worker.state());
    }
  }

  // R1
  @Test
  void manyLastDeliveriesThatWereGivenBackDoNotOverflowTheStack() {
    world.publish(10_000);
    abandon("fixed", 10_000);
    world.advanceSeconds(120);
    Worker worker =
        world
            .worker()
            .consumer("fixed")
            .retry(RetryPolicy.none().maxDeliveries(2))
            .handle(this::record)
            .build();
    worker.pause().subscribe();
    worker.start();
    world.advanceSeconds(10);
    System.out.println("R1 " + worker.load() + worker.state());
    worker.resume();
    world.advanceSeconds(60);
    System.out.println(
        "R1 "
            + worker.load()
            + worker.state()
            + handled.size()
            + world.time.errors().stream().limit(1).toList());
    assertThat(world.time.errors()).isEmpty();
    assertThat(handled).isNotEmpty();
  }

  // D1
  @Test
  void aStopLooksAtWhatAnUnendedReadMayHaveBrought() {
    // no right to kill: the read of the broken connection may still take entries until its BLOCK is
    // over
    Worker worker = world.worker().handle(this::record).start();
    world.advanceSeconds(1);
    world.server.faults().failNext("CLIENT KILL", 10, new RedisException("NOPERM", "NOPERM"));
    world
        .server
        .faults()
        .failNext("XREADGROUP", 1, new RedisException(RedisException.CONNECTION, "cut"));
    world.publish("wakes");
    world.advance(Duration.ofMillis(300));
    System.out.println("D1 " + worker.state() + worker.trouble() + handled.size());
    long before = world.time.now(java.util.concurrent.TimeUnit.MILLISECONDS);
    worker.stop().subscribe();
    while (worker.state() != WorkerState.STOPPED) {
      world.advance(Duration.ofMillis(10));
    }
    long took = world.time.now(java.util.concurrent.TimeUnit.MILLISECONDS) - before;
    System.out.println("D1 stop took " + took);
    assertThat(took).as("waits out BLOCK, as it may not kill").isGreaterThan(4_000);
  }

  // N1
  @Test
  void whatAStoppingWorkerHoldsIsNotLostWhenTheGroupIsMadeAnewMeanwhile() {
    Worker worker =
        world
            .worker()
            .concurrency(1)
            .readAhead(4)
            .drainTimeout(Duration.ofSeconds(1))
            .handle(message -> Mono.never())
            .start();
    world.publish(5);
    world.advanceSeconds(1);
    EntryId last = world.pending().get(4).id();
    worker.stop().subscribe();
    world.advance(Duration.ofMillis(100)); // the handler has its second
    world.admin.groups().destroy(JOBS.name(), GROUP).block();
    world.advance(Duration.ofMillis(1_000));
    // another worker makes it anew where that one had come
    world
        .admin
        .groups()
        .create(JOBS.name(), GROUP, CreateArgs.from(last.toString()))
        .onErrorComplete()
        .block();
    world.advanceSeconds(30);
    System.out.println("N1 " + worker.state() + world.pending());
    world.worker().handle(this::record).start();
    world.advance(Duration.ofMinutes(10));
    assertThat(handled).hasSize(5);
  }

  // N2
  @Test
  void aReleaseWhoseReplyWasLostLeavesNoDeadLetterOfWhatAnotherHasHandled() {
    Worker worker =
        world
            .worker()
            .retry(RetryPolicy.fixed(Duration.ofSeconds(30)).jitter(0))
            .handle(message -> Mono.error(new IllegalStateException()))
            .start();
    EntryId id = world.publish("one");
    world.advanceSeconds(1);
    world.server.faults().loseReply("release", 1);
    world.server.faults().failNext("XPENDING", 0, BUSY);
    worker.pause().subscribe();
    while (worker.state() != WorkerState.BACKING_OFF) {
      world.advance(Duration.ofMillis(1));
    }
    // another worker takes it up, handles it, and deletes it
    world.admin.groups().ack(JOBS.name(), GROUP, List.of(id)).block();
    world.admin.streams().delete(JOBS.name(), List.of(id)).block();
    world.advanceSeconds(10);
    assertThat(world.deadLetters()).isEmpty();
  }
}
