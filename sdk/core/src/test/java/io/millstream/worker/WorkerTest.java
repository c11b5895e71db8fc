package io.millstream.worker;

import static io.millstream.worker.World.GROUP;
import static io.millstream.worker.World.JOBS;
import static org.assertj.core.api.Assertions.assertThat;

import io.millstream.codec.DeadLetterStory;
import io.millstream.codec.MessageStream;
import io.millstream.engine.ClaimArgs;
import io.millstream.engine.CreateArgs;
import io.millstream.engine.Engine;
import io.millstream.engine.PendingArgs;
import io.millstream.engine.PendingEntry;
import io.millstream.engine.ReadArgs;
import io.millstream.engine.Reader;
import io.millstream.engine.RedisException;
import io.millstream.entry.EntryId;
import io.millstream.entry.Fields;
import io.millstream.message.BatchOutcomes;
import io.millstream.message.Message;
import io.millstream.message.Outcome;
import io.millstream.policy.RetryPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** What a worker promises, on virtual time. */
class WorkerTest {
  private final World world = new World();
  private final List<Message<String>> handled = new ArrayList<>();

  @AfterEach
  void noTaskFailed() {
    assertThat(world.time.errors()).isEmpty();
  }

  private Mono<Void> record(Message<String> message) {
    handled.add(message);
    return Mono.empty();
  }

  private List<String> payloads() {
    return handled.stream().map(Message::payload).toList();
  }

  // --- bootstrap and the simple road

  @Test
  void handlesWhatWasPublishedBeforeAndAfterItsStartAndLeavesNothingPending() {
    world.publish("before");
    Worker worker = world.worker().handle(this::record).start();
    world.advanceSeconds(1);
    world.publish("after");
    world.advance(Duration.ofMillis(1));

    assertThat(payloads()).containsExactly("before", "after");
    assertThat(handled).allSatisfy(message -> assertThat(message.delivery()).isEqualTo(1));
    assertThat(world.pending()).isEmpty();
    assertThat(worker.state()).isEqualTo(WorkerState.RUNNING);
    assertThat(worker.load()).isEqualTo(WorkerLoad.NONE);
  }

  @Test
  void createsGroupAndStreamWhoeverIsFirst() {
    Worker first = world.worker().handle(this::record).start();
    Worker second = world.worker().handle(this::record).start();
    world.advanceSeconds(1);

    assertThat(List.of(first.state(), second.state())).containsOnly(WorkerState.RUNNING);
    assertThat(Objects.requireNonNull(world.admin.groups().infoGroups(JOBS.name()).block()))
        .hasSize(1);
  }

  @Test
  void startsAtTheEndIfToldTo() {
    world.publish("old");
    world.worker().startAt(GroupStart.end()).handle(this::record).start();
    world.advanceSeconds(1);
    world.publish("new");
    world.advanceSeconds(1);

    assertThat(payloads()).containsExactly("new");
  }

  @Test
  void startsAfterAnIdIfToldTo() {
    EntryId first = world.publish("one");
    world.publish("two");
    world.worker().startAt(GroupStart.after(first)).handle(this::record).start();
    world.advanceSeconds(1);

    assertThat(payloads()).containsExactly("two");
  }

  @Test
  void workersOfAGroupShareTheWork() {
    Map<String, Integer> byWorker = new HashMap<>();
    for (String name : List.of("a", "b")) {
      world
          .worker()
          .consumer(name)
          .concurrency(2)
          .readAhead(0)
          .handle(
              message ->
                  Mono.delay(Duration.ofMillis(10), world.time)
                      .doOnNext(tick -> byWorker.merge(name, 1, Integer::sum)))
          .start();
    }
    world.advanceSeconds(1);
    world.publish(100);
    world.advanceSeconds(5);

    assertThat(byWorker.values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(100);
    assertThat(byWorker.get("a")).isBetween(40, 60);
    assertThat(world.pending()).isEmpty();
  }

  // --- concurrency and reading only what can be held

  @Test
  void runsAsManyHandlersAtOnceAsToldAndReadsNoMoreThanItCanHold() {
    AtomicInteger running = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    world
        .worker()
        .concurrency(4)
        .readAhead(3)
        .handle(
            message -> {
              most.accumulateAndGet(running.incrementAndGet(), Math::max);
              return Mono.delay(Duration.ofSeconds(10), world.time)
                  .doFinally(signal -> running.decrementAndGet());
            })
        .start();
    world.publish(50);
    world.advanceSeconds(5);

    assertThat(running).hasValue(4);
    assertThat(world.pending()).hasSize(7);
    world.advanceSeconds(200);
    assertThat(most).hasValue(4);
    assertThat(world.pending()).isEmpty();
  }

  @Test
  void aSlowHandlerDoesNotHoldUpTheOthers() {
    world
        .worker()
        .concurrency(2)
        .handle(
            message ->
                message.payload().equals("job-0")
                    ? Mono.delay(Duration.ofMinutes(5), world.time)
                    : record(message))
        .start();
    world.publish(100);
    world.advanceSeconds(1);

    assertThat(handled).hasSize(99);
    assertThat(world.pending()).hasSize(1);
  }

  @Test
  void acknowledgesOnlyAfterTheHandlerHasCompleted() {
    Sinks.Empty<Void> done = Sinks.empty();
    world.worker().handle(message -> done.asMono()).start();
    world.publish("one");
    world.advanceSeconds(30);
    assertThat(world.pending()).hasSize(1);

    done.tryEmitEmpty();
    world.advance(Duration.ofMillis(1));
    assertThat(world.pending()).isEmpty();
  }

  // --- failure

  @Test
  void retriesAfterTheBackoffAsCountedDeliveriesThenDeadLetters() {
    List<Long> at = new ArrayList<>();
    List<Long> deliveries = new ArrayList<>();
    world
        .worker()
        .retry(RetryPolicy.exponential(Duration.ofSeconds(1)).jitter(0).maxDeliveries(4))
        .handle(
            message -> {
              at.add(world.time.now(java.util.concurrent.TimeUnit.SECONDS));
              deliveries.add(message.delivery());
              return Mono.error(new IllegalStateException("billing is down"));
            })
        .start();
    world.advanceSeconds(1);
    EntryId id = world.publish("one");
    world.advance(Duration.ofHours(1));

    assertThat(deliveries).containsExactly(1L, 2L, 3L, 4L);
    assertThat(at.get(1) - at.get(0)).isEqualTo(1);
    assertThat(at.get(2) - at.get(1)).isEqualTo(2);
    assertThat(at.get(3) - at.get(2)).isEqualTo(4);
    assertThat(world.pending()).isEmpty();
    assertThat(world.deadLetters()).hasSize(1);
    Fields letter = world.deadLetters().get(0).fields();
    assertThat(letter.name(0)).isEqualTo("payload");
    assertThat(letter.text("payload")).isEqualTo("one");
    assertThat(letter.text(DeadLetterStory.ID)).isEqualTo(id.toString());
    assertThat(letter.text(DeadLetterStory.GROUP)).isEqualTo(GROUP);
    assertThat(letter.text(DeadLetterStory.DELIVERIES)).isEqualTo("4");
    assertThat(letter.text(DeadLetterStory.EXCEPTION))
        .isEqualTo(IllegalStateException.class.getName());
    assertThat(letter.text(DeadLetterStory.MESSAGE)).isEqualTo("billing is down");
  }

  @Test
  void aHandlerThatThrowsIsAFailedDelivery() {
    world
        .worker()
        .retry(RetryPolicy.none())
        .handle(
            message -> {
              throw new java.io.IOException("thrown");
            })
        .start();
    world.publish("one");
    world.advanceSeconds(1);

    assertThat(world.deadLetters()).hasSize(1);
    assertThat(world.pending()).isEmpty();
  }

  @Test
  @SuppressWarnings("NullAway") // that is what is tested
  void aHandlerThatReturnsNullIsAFailedDelivery() {
    world.worker().retry(RetryPolicy.none()).handle(message -> null).start();
    world.publish("one");
    world.advanceSeconds(1);

    assertThat(world.deadLetters()).hasSize(1);
  }

  @Test
  void whatIsNotRetryableIsDeadLetteredAtOnce() {
    world
        .worker()
        .retry(
            RetryPolicy.exponential(Duration.ofSeconds(1))
                .deadLetterOn(IllegalArgumentException.class))
        .handle(
            message -> {
              handled.add(message);
              return Mono.error(new IllegalArgumentException("no such customer"));
            })
        .start();
    world.publish("one");
    world.advanceSeconds(1);

    assertThat(handled).hasSize(1);
    assertThat(world.deadLetters()).hasSize(1);
  }

  @Test
  void whatCannotBeDecodedIsDeadLetteredWithItsFieldsUntouchedAndTheHandlerNeverSeesIt() {
    MessageStream<Integer> numbers = MessageStream.json(JOBS.name(), Integer.class);
    List<Integer> seen = new ArrayList<>();
    world
        .worker(numbers, world.server.connect())
        .handle(
            message -> {
              seen.add(message.payload());
              return Mono.empty();
            })
        .start();
    Fields foreign = Fields.of("orderId", "7", "amount", "12", "amount", "13");
    world.publish(foreign);
    world.publish(Fields.of("payload", "not json"));
    world.publish(Fields.of("payload", "41"));
    world.advanceSeconds(1);

    assertThat(seen).containsExactly(41);
    assertThat(world.pending()).isEmpty();
    assertThat(world.deadLetters()).hasSize(2);
    Fields letter = world.deadLetters().get(0).fields();
    assertThat(List.of(letter.name(0), letter.name(1), letter.name(2)))
        .containsExactly("orderId", "amount", "amount");
    assertThat(letter.value(2)).isEqualTo(foreign.value(2));
    assertThat(letter.text(DeadLetterStory.REASON)).contains("not decodable");
  }

  @Test
  void obeysAnEmittedOutcome() {
    world
        .worker()
        .handle(
            message -> {
              handled.add(message);
              return switch (message.payload()) {
                case "ack" -> Mono.just(Outcome.ack());
                case "dead" -> Mono.just(Outcome.deadLetter("told so"));
                default ->
                    Mono.just(
                        message.delivery() == 1
                            ? Outcome.retry(Duration.ofSeconds(30))
                            : Outcome.ack());
              };
            })
        .start();
    world.publish("ack");
    world.publish("dead");
    world.publish("again");
    world.advanceSeconds(29);
    assertThat(payloads()).containsExactly("ack", "dead", "again");
    world.advanceSeconds(2);

    assertThat(payloads()).containsExactly("ack", "dead", "again", "again");
    assertThat(world.deadLetters().get(0).fields().text(DeadLetterStory.REASON))
        .contains("told so");
    assertThat(world.pending()).isEmpty();
  }

  @Test
  void messagesThatWaitForTheirRetryTakeNoHandlersPlace() {
    // every 20th fails with an hour of backoff: with one place, one of them would stop the rest
    world
        .worker()
        .concurrency(1)
        .retry(RetryPolicy.fixed(Duration.ofHours(1)).jitter(0))
        .handle(
            message -> {
              int number = Integer.parseInt(message.payload().substring(4));
              return number % 20 == 0 && message.delivery() == 1
                  ? Mono.error(new IllegalStateException())
                  : record(message);
            })
        .start();
    world.publish(1000);
    world.advanceSeconds(1);

    assertThat(handled).hasSize(950);
    assertThat(world.pending()).hasSize(50);
    world.advance(Duration.ofMinutes(61));
    assertThat(handled).hasSize(1000);
    assertThat(world.pending()).isEmpty();
  }

  @Test
  void readingStopsWhenAsManyWaitAsMayAndTheStateSaysSo() {
    Worker worker =
        world
            .worker()
            .concurrency(4)
            .readAhead(0)
            .maxWaiting(10)
            .retry(RetryPolicy.fixed(Duration.ofMinutes(10)).jitter(0).maxDeliveries(2))
            .handle(
                message ->
                    message.delivery() == 1
                        ? Mono.error(new IllegalStateException())
                        : record(message))
            .start();
    world.publish(100);
    world.advanceSeconds(60);

    assertThat(worker.state()).isEqualTo(WorkerState.SATURATED);
    assertThat(world.pending()).hasSizeBetween(10, 14);
    world.advance(Duration.ofHours(5));
    assertThat(worker.state()).isEqualTo(WorkerState.RUNNING);
    assertThat(handled).hasSize(100);
    assertThat(world.pending()).isEmpty();
  }

  // --- handlers of other kinds

  @Test
  void aBlockingHandlerAcknowledgesByReturningAndFailsByThrowing() {
    world
        .worker()
        .retry(RetryPolicy.fixed(Duration.ofSeconds(1)))
        .handleBlocking(
            message -> {
              handled.add(message);
              if (message.delivery() == 1) {
                throw new java.io.IOException("once");
              }
            })
        .start();
    world.publish("one");
    world.advanceSeconds(5);

    assertThat(handled).extracting(Message::delivery).containsExactly(1L, 2L);
    assertThat(world.pending()).isEmpty();
  }

  @Test
  void aBatchHandlerEndsEachMessageWithItsOwnOutcome() {
    List<Integer> sizes = new ArrayList<>();
    world
        .worker()
        .concurrency(1)
        .handleBatch(
            10,
            batch -> {
              sizes.add(batch.size());
              BatchOutcomes outcomes = BatchOutcomes.ackAll();
              for (Message<String> message : batch) {
                handled.add(message);
                if (message.payload().equals("job-3")) {
                  outcomes = outcomes.with(message, Outcome.deadLetter("bad"));
                } else if (message.payload().equals("job-5") && message.delivery() == 1) {
                  outcomes = outcomes.with(message, Outcome.retry(Duration.ofSeconds(5)));
                }
              }
              return Mono.just(outcomes);
            })
        .start();
    world.publish(25);
    world.advanceSeconds(10);

    assertThat(sizes).allSatisfy(size -> assertThat(size).isBetween(1, 10));
    assertThat(sizes).contains(10);
    assertThat(handled).hasSize(26);
    assertThat(world.deadLetters()).hasSize(1);
    assertThat(world.pending()).isEmpty();
  }

  @Test
  void aBatchThatFailsFailsEachOfItsMessages() {
    world
        .worker()
        .retry(RetryPolicy.fixed(Duration.ofSeconds(1)).maxDeliveries(2))
        .handleBatch(10, batch -> Mono.error(new IllegalStateException()))
        .start();
    world.publish(7);
    world.advanceSeconds(60);

    assertThat(world.deadLetters()).hasSize(7);
    assertThat(world.pending()).isEmpty();
  }

  // --- recovery

  /** Leaves entries pending under a name, as a worker does that dies. */
  private void abandon(String consumer, int count) {
    world.admin.groups().create(JOBS.name(), GROUP, CreateArgs.from("0")).onErrorComplete().block();
    Reader reader = Objects.requireNonNull(world.admin.openReader().block());
    reader.read(ReadArgs.fresh(JOBS.name(), GROUP, consumer, count, null)).block();
    reader.close().block();
  }

  @Test
  void takesOverWhatADeadWorkerHeldAndCountsTheDelivery() {
    world.publish(10);
    abandon("dead", 10);
    world.worker().visibilityTimeout(Duration.ofSeconds(30)).handle(this::record).start();
    world.advanceSeconds(29);
    assertThat(handled).isEmpty();
    world.advanceSeconds(11);

    assertThat(handled).hasSize(10);
    assertThat(handled).extracting(Message::delivery).containsOnly(2L);
    assertThat(world.pending()).isEmpty();
  }

  @Test
  void whatIsAbandonedIsTakenUpWhileNewMessagesNeverStopComing() {
    world.publish("abandoned");
    abandon("dead", 1);
    world
        .worker()
        .concurrency(1)
        .visibilityTimeout(Duration.ofSeconds(10))
        .handle(
            message ->
                Mono.delay(Duration.ofMillis(10), world.time).doOnNext(tick -> record(message)))
        .start();
    // more than it can handle, for ever
    world.time.schedulePeriodically(
        () -> world.publish("fresh"), 0, 5, java.util.concurrent.TimeUnit.MILLISECONDS);
    // visibility timeout, a quarter of it for a round with its jitter, and the one hold-off after a
    // start lies within
    world.advance(Duration.ofSeconds(13));

    assertThat(payloads()).contains("abandoned");
  }

  @Test
  void aNameThatComesBackTakesUpItsOwnPendingEntriesFirst() {
    world.publish(5);
    abandon("steady", 3);
    world.advanceSeconds(120); // long dead
    world.worker().consumer("steady").concurrency(1).handle(this::record).start();
    world.advance(Duration.ofMillis(10));

    assertThat(payloads()).containsExactly("job-0", "job-1", "job-2", "job-3", "job-4");
    assertThat(handled).extracting(Message::delivery).containsExactly(2L, 2L, 2L, 1L, 1L);
  }

  @Test
  void aFixedNameThatIsInUseIsRefusedWithAClearError() {
    world.worker().consumer("steady").handle(this::record).start();
    world.advanceSeconds(10);
    Worker second = world.worker().consumer("steady").handle(this::record).start();
    world.advanceSeconds(30);

    assertThat(second.state()).isEqualTo(WorkerState.FAILED);
    assertThat(second.trouble().orElseThrow()).contains("steady").contains("in use");
  }

  @Test
  void aFixedNameThatDiedAMomentAgoIsTakenAfterAWhile() {
    world.publish(3);
    abandon("steady", 3);
    Worker worker =
        world
            .worker()
            .consumer("steady")
            .visibilityTimeout(Duration.ofSeconds(30))
            .handle(this::record)
            .start();
    world.advanceSeconds(5);
    assertThat(handled).isEmpty();
    world.advanceSeconds(7);

    assertThat(worker.state()).isEqualTo(WorkerState.RUNNING);
    assertThat(handled).hasSize(3);
  }

  @Test
  void whatHasSpentItsDeliveriesIsDeadLetteredWithoutRunning() {
    world.publish("poison");
    abandon("dead", 1);
    for (int i = 0; i < 2; i++) {
      world
          .admin
          .groups()
          .claim(
              JOBS.name(),
              GROUP,
              "dead",
              Duration.ZERO,
              List.of(world.pending().get(0).id()),
              ClaimArgs.NONE)
          .block();
    }
    world
        .worker()
        .visibilityTimeout(Duration.ofSeconds(10))
        .retry(RetryPolicy.fixed(Duration.ofSeconds(1)).maxDeliveries(3))
        .handle(this::record)
        .start();
    world.advanceSeconds(60);

    assertThat(handled).isEmpty();
    assertThat(world.pending()).isEmpty();
    assertThat(world.deadLetters()).hasSize(1);
    assertThat(world.deadLetters().get(0).fields().text("payload")).isEqualTo("poison");
    assertThat(world.deadLetters().get(0).fields().text(DeadLetterStory.DELIVERIES)).isEqualTo("3");
  }

  @Test
  void aRecoveredEntryOnItsLastDeliveryRunsAlone() {
    world.publish("suspect");
    abandon("dead", 1);
    AtomicInteger running = new AtomicInteger();
    List<Integer> beside = new ArrayList<>();
    world
        .worker()
        .concurrency(8)
        .visibilityTimeout(Duration.ofSeconds(10))
        .retry(RetryPolicy.fixed(Duration.ofSeconds(1)).maxDeliveries(2))
        .handle(
            message -> {
              running.incrementAndGet();
              return Mono.delay(Duration.ofSeconds(1), world.time)
                  .doOnNext(
                      tick -> {
                        if (message.payload().equals("suspect")) {
                          beside.add(running.get());
                        }
                        handled.add(message);
                      })
                  .doFinally(signal -> running.decrementAndGet());
            })
        .start();
    world.publish(200);
    world.advanceSeconds(120);

    assertThat(beside).containsExactly(1);
    assertThat(handled).hasSize(201);
    assertThat(world.pending()).isEmpty();
  }

  @Test
  void aReadWhoseReplyWasLostIsTakenUpAndStartedWithoutASecondCount() {
    world.publish("one");
    world.publish("two");
    world.server.faults().loseReply("XREADGROUP", 1);
    Worker worker = world.worker().handle(this::record).start();
    world.advanceSeconds(5);

    assertThat(payloads()).containsExactly("one", "two");
    assertThat(handled).extracting(Message::delivery).containsOnly(1L);
    assertThat(world.pending()).isEmpty();
    assertThat(worker.state()).isEqualTo(WorkerState.RUNNING);
  }

  @Test
  void aNameThatComesBackTakesUpMoreThanItCanHoldAtOnce() {
    world.publish(250);
    abandon("steady", 250);
    world.advanceSeconds(120); // long dead
    world
        .worker()
        .consumer("steady")
        .concurrency(4)
        .retry(RetryPolicy.fixed(Duration.ofHours(1)))
        .handle(
            message -> {
              handled.add(message);
              return Mono.error(new IllegalStateException()); // so that it stays pending
            })
        .start();
    world.advanceSeconds(5); // nothing that the reaper could have done by then

    assertThat(handled).hasSize(250);
    assertThat(handled).extracting(Message::delivery).containsOnly(2L);
  }

  @Test
  void afterAStartOthersKeepTheirLeasesForOneRenewalPeriod() {
    world.publish("one");
    abandon("away", 1);
    world.advanceSeconds(300); // as if Redis had been away: every lease looks expired
    world.worker().visibilityTimeout(Duration.ofSeconds(60)).handle(this::record).start();
    world.advanceSeconds(19);
    assertThat(handled).isEmpty();
    world.advanceSeconds(20);

    assertThat(handled).hasSize(1);
  }

  @Test
  void theTailOfALongListOfLiveEntriesIsReachedRoundByRound() {
    List<EntryId> live = world.publish(3000);
    abandon("alive", 3000);
    // somebody else's, who renews them all
    world.time.schedulePeriodically(
        () ->
            world
                .admin
                .groups()
                .claimJustId(JOBS.name(), GROUP, "alive", Duration.ZERO, live, ClaimArgs.NONE)
                .block(),
        0,
        3,
        java.util.concurrent.TimeUnit.SECONDS);
    world.publish("abandoned");
    abandon("dead", 1);
    // with one place a page looks at ten rows, and a round at a hundred pages: the fourth one gets
    // there
    world
        .worker()
        .concurrency(1)
        .visibilityTimeout(Duration.ofSeconds(10))
        .handle(this::record)
        .start();
    world.advanceSeconds(30);

    assertThat(payloads()).containsExactly("abandoned");
    assertThat(world.pending()).hasSize(3000);
  }

  @Test
  void aBusyWorkerTakesOverNoMoreThanItsSmallAllowance() {
    world.publish(100);
    abandon("dead", 100);
    world.publish(16);
    world
        .worker()
        .concurrency(16)
        .readAhead(0)
        .visibilityTimeout(Duration.ofSeconds(10))
        .handlerTimeout(Duration.ofHours(1))
        .handle(message -> Mono.never())
        .start();
    world.advanceSeconds(60);

    assertThat(world.pending().stream().filter(row -> row.consumer().equals("dead"))).hasSize(98);
  }

  @Test
  void dueRetriesGoBeforeWhatWasTakenOverAndThatBeforeNewEntries() {
    world.publish("abandoned");
    abandon("dead", 1);
    List<String> order = new ArrayList<>();
    world
        .worker()
        .concurrency(1)
        .readAhead(1)
        .visibilityTimeout(Duration.ofSeconds(10))
        .retry(RetryPolicy.fixed(Duration.ofSeconds(12)).jitter(0))
        .handle(
            message -> {
              order.add(message.payload() + "/" + message.delivery());
              if (message.payload().equals("fails") && message.delivery() == 1) {
                return Mono.error(new IllegalStateException());
              }
              return message.payload().equals("long")
                  ? Mono.delay(Duration.ofSeconds(40), world.time)
                  : Mono.empty();
            })
        .start();
    world.publish("fails");
    world.publish("long"); // meanwhile the abandoned entry is claimed, and then the retry falls due
    world.publish("new");
    world.advanceSeconds(60);

    assertThat(order).containsExactly("fails/1", "long/1", "fails/2", "abandoned/2", "new/1");
  }

  @Test
  void aRedeliverWhoseReplyWasLostCountsOnce() {
    world.publish(3);
    abandon("dead", 3);
    world.server.faults().loseReply("redeliver", 2);
    world.worker().visibilityTimeout(Duration.ofSeconds(10)).handle(this::record).start();
    world.advanceSeconds(60);

    assertThat(handled).extracting(Message::delivery).containsExactly(2L, 2L, 2L);
    assertThat(world.pending()).isEmpty();
  }

  @Test
  void acknowledgementsThatFailAreAskedAgainAndNothingRunsTwice() {
    world.worker().handle(this::record).start();
    world.advanceSeconds(1);
    world
        .server
        .faults()
        .failNext("XACK", 5, new RedisException("BUSY", "BUSY Redis is busy running a script."));
    world.publish(20);
    world.advanceSeconds(120);

    assertThat(handled).hasSize(20);
    assertThat(world.pending()).isEmpty();
  }

  // --- leases

  @Test
  void aHandlerThatTakesTenVisibilityTimeoutsRunsOnce() {
    AtomicInteger starts = new AtomicInteger();
    for (int i = 0; i < 2; i++) {
      world
          .worker()
          .visibilityTimeout(Duration.ofSeconds(3))
          .handlerTimeout(Duration.ofMinutes(5))
          .handle(
              message -> {
                starts.incrementAndGet();
                return Mono.delay(Duration.ofSeconds(30), world.time);
              })
          .start();
    }
    world.publish("long");
    world.advanceSeconds(60);

    assertThat(starts).hasValue(1);
    assertThat(world.pending()).isEmpty();
  }

  @Test
  void aLostLeaseCancelsTheHandlerAndHarmsNobody() {
    List<String> cancelled = new ArrayList<>();
    world
        .worker()
        .visibilityTimeout(Duration.ofSeconds(30))
        .handle(message -> Mono.never().doOnCancel(() -> cancelled.add(message.payload())))
        .start();
    EntryId id = world.publish("one");
    world.advanceSeconds(1);
    world
        .admin
        .groups()
        .claim(JOBS.name(), GROUP, "thief", Duration.ZERO, List.of(id), ClaimArgs.NONE)
        .block();
    world.advanceSeconds(11);

    assertThat(cancelled).containsExactly("one");
    assertThat(world.pending()).hasSize(1);
    PendingEntry row = world.pending().get(0);
    assertThat(row.consumer()).isEqualTo("thief");
    assertThat(row.deliveries()).isEqualTo(2);
  }

  @Test
  void aHandlerThatNeverCompletesIsCancelledAfterItsTimeAndRetried() {
    world
        .worker()
        .visibilityTimeout(Duration.ofSeconds(30))
        .handlerTimeout(Duration.ofSeconds(5))
        .retry(RetryPolicy.fixed(Duration.ofSeconds(1)).jitter(0))
        .handle(
            message -> {
              handled.add(message);
              return message.delivery() < 3 ? Mono.never() : Mono.empty();
            })
        .start();
    world.publish("one");
    world.advanceSeconds(14);

    assertThat(handled).extracting(Message::delivery).containsExactly(1L, 2L, 3L);
    assertThat(world.pending()).isEmpty();
  }

  @Test
  void aDeletedEntrysHandlerFinishesAndItsFailureLeavesADeadLetter() {
    world
        .worker()
        .visibilityTimeout(Duration.ofSeconds(3))
        .handle(
            message ->
                Mono.delay(Duration.ofSeconds(10), world.time)
                    .then(Mono.error(new IllegalStateException("failed late"))))
        .start();
    EntryId id = world.publish("doomed");
    world.advanceSeconds(1);
    world.admin.streams().delete(JOBS.name(), List.of(id)).block();
    world.advanceSeconds(30);

    assertThat(world.deadLetters()).hasSize(1);
    assertThat(world.deadLetters().get(0).fields().text("payload")).isEqualTo("doomed");
    assertThat(world.pending()).isEmpty();
  }

  // --- trouble

  @Test
  void aServerThatIsNotThereAtTheStartIsWaitedFor() {
    world.server.faults().disconnect();
    Worker worker = world.worker().handle(this::record).start();
    world.advanceSeconds(60);
    assertThat(worker.state()).isEqualTo(WorkerState.BACKING_OFF);
    assertThat(worker.trouble()).isPresent();

    world.server.faults().connect();
    world.publish("one");
    world.advanceSeconds(20);
    assertThat(worker.state()).isEqualTo(WorkerState.RUNNING);
    assertThat(payloads()).containsExactly("one");
  }

  @Test
  void aLostConnectionIsHealedAndNothingIsLostOrRunTwice() {
    Worker worker = world.worker().handle(this::record).start();
    world.publish(10);
    world.advanceSeconds(1);
    world.server.faults().disconnect();
    world.advanceSeconds(300);
    assertThat(worker.state()).isEqualTo(WorkerState.BACKING_OFF);
    world.server.faults().connect();
    world.publish(10);
    world.advanceSeconds(30);

    assertThat(handled).hasSize(20);
    assertThat(world.pending()).isEmpty();
    assertThat(worker.state()).isEqualTo(WorkerState.RUNNING);
  }

  @Test
  void aKeyOfAnotherTypeIsSaidClearlyWithoutAHotLoop() {
    world.server.set(JOBS.name(), "not a stream");
    Worker worker = world.worker().handle(this::record).start();
    world.advance(Duration.ofMinutes(10));

    assertThat(worker.state()).isEqualTo(WorkerState.BACKING_OFF);
    assertThat(worker.trouble().orElseThrow()).contains("WRONGTYPE");
    world.server.delete(JOBS.name());
    world.advanceSeconds(20);
    world.publish("one");
    world.advanceSeconds(20);
    assertThat(payloads()).containsExactly("one");
  }

  @Test
  void aLostGroupIsMadeAnewWhereTheWorkerHadCome() {
    world.worker().handle(this::record).start();
    world.publish(10);
    world.advanceSeconds(1);
    world.admin.groups().destroy(JOBS.name(), GROUP).block();
    world.publish("later");
    world.advanceSeconds(30);

    assertThat(handled).hasSize(11);
    assertThat(payloads()).endsWith("later");
  }

  @Test
  void aLostGroupDoesNotCancelWhatRuns() {
    List<String> cancelled = new ArrayList<>();
    world
        .worker()
        .concurrency(1)
        .readAhead(0) // so that nothing is read again, and the row is missing, while it runs
        .visibilityTimeout(Duration.ofSeconds(3))
        .handle(
            message -> {
              handled.add(message);
              return Mono.delay(Duration.ofSeconds(20), world.time)
                  .doOnCancel(() -> cancelled.add(message.payload()));
            })
        .start();
    world.publish("running");
    world.advanceSeconds(1);
    world.admin.groups().destroy(JOBS.name(), GROUP).block();
    world.advanceSeconds(60);

    assertThat(cancelled).isEmpty();
    assertThat(handled).isNotEmpty();
    assertThat(world.pending()).isEmpty();
  }

  @Test
  void aFlushedServerDoesNotStopTheWorker() {
    Worker worker = world.worker().handle(this::record).start();
    world.publish(10);
    world.advanceSeconds(1);
    world.server.flushAll();
    world.advanceSeconds(10);
    world.publish("later");
    world.advanceSeconds(30);

    assertThat(payloads()).endsWith("later");
    assertThat(worker.state()).isEqualTo(WorkerState.RUNNING);
  }

  // --- stopping

  @Test
  void stoppingLetsHandlersFinishFlushesAcksGivesBackTheRestAndLeavesTheGroup() {
    List<String> done = new ArrayList<>();
    Worker worker =
        world
            .worker()
            .concurrency(2)
            .readAhead(3)
            .handle(
                message ->
                    Mono.delay(Duration.ofSeconds(5), world.time)
                        .doOnNext(tick -> done.add(message.payload())))
            .start();
    world.publish(10);
    world.advanceSeconds(1);
    assertThat(world.pending()).hasSize(5);
    worker.stop().subscribe();
    world.advanceSeconds(6);

    assertThat(worker.state()).isEqualTo(WorkerState.STOPPED);
    assertThat(done).containsExactly("job-0", "job-1");
    assertThat(world.pending()).hasSize(3);
    assertThat(world.pending())
        .extracting(PendingEntry::consumer)
        .containsOnly("millstream.released");
    assertThat(world.pending()).extracting(PendingEntry::deliveries).containsOnly(0L);
    assertThat(world.consumers()).doesNotContain(worker.consumer());
  }

  @Test
  void whatWasReleasedIsTakenUpByAnotherWorkerWithinARound() {
    Worker first =
        world
            .worker()
            .concurrency(1)
            .readAhead(4)
            .handle(message -> Mono.never())
            .drainTimeout(Duration.ofSeconds(1))
            .start();
    world.publish(5);
    world.advanceSeconds(1);
    world.worker().concurrency(4).handle(this::record).start();
    world.advanceSeconds(30);
    assertThat(handled).isEmpty();
    first.stop().subscribe();
    world.advanceSeconds(3 + 17);

    assertThat(handled).hasSize(5);
    // the one whose handler was cancelled has spent its delivery, the others have not
    assertThat(handled).extracting(Message::delivery).containsExactlyInAnyOrder(2L, 1L, 1L, 1L, 1L);
    assertThat(world.pending()).isEmpty();
  }

  @Test
  void whatWaitsForItsRetryGoesBackWithItsBackoff() {
    Worker worker =
        world
            .worker()
            .visibilityTimeout(Duration.ofSeconds(60))
            .retry(RetryPolicy.fixed(Duration.ofSeconds(40)).jitter(0))
            .handle(message -> Mono.error(new IllegalStateException()))
            .start();
    world.publish("one");
    world.advanceSeconds(10);
    worker.stop().subscribe();
    world.advance(Duration.ofMillis(1));

    PendingEntry row = world.pending().get(0);
    assertThat(row.deliveries()).isEqualTo(1);
    assertThat(row.idle()).isBetween(Duration.ofSeconds(29), Duration.ofSeconds(31));
  }

  @Test
  void aHandlerThatDoesNotFinishInTimeIsCancelledAndItsMessageGivenBack() {
    List<String> cancelled = new ArrayList<>();
    Worker worker =
        world
            .worker()
            .drainTimeout(Duration.ofSeconds(5))
            .handle(message -> Mono.never().doOnCancel(() -> cancelled.add(message.payload())))
            .start();
    world.publish("endless");
    world.advanceSeconds(1);
    worker.stop().subscribe();
    world.advanceSeconds(7);

    assertThat(worker.state()).isEqualTo(WorkerState.STOPPED);
    assertThat(cancelled).containsExactly("endless");
    assertThat(world.pending().get(0).consumer()).isEqualTo("millstream.released");
    assertThat(world.pending().get(0).deliveries()).isEqualTo(1);
  }

  @Test
  void stoppingWhileRedisIsAwayEnds() {
    Worker worker = world.worker().drainTimeout(Duration.ofSeconds(2)).handle(this::record).start();
    world.publish(3);
    world.advanceSeconds(1);
    world.server.faults().disconnect();
    worker.stop().subscribe();
    world.advanceSeconds(10);

    assertThat(worker.state()).isEqualTo(WorkerState.STOPPED);
  }

  @Test
  void aNameWithMorePendingThanCanBeGivenBackStopsAllTheSameAndKeepsTheRest() {
    world.publish(10_500);
    abandon("steady", 10_500);
    world.advanceSeconds(120); // long dead
    Worker worker =
        world
            .worker()
            .consumer("steady")
            .concurrency(1)
            .drainTimeout(Duration.ofSeconds(1))
            .handle(message -> Mono.never())
            .start();
    world.advanceSeconds(1);
    worker.stop().subscribe();
    world.advanceSeconds(5);

    assertThat(worker.state()).isEqualTo(WorkerState.STOPPED);
    Map<String, Long> rows =
        world
            .admin
            .groups()
            .pending(JOBS.name(), GROUP, PendingArgs.all(20_000))
            .blockOptional()
            .orElseThrow()
            .stream()
            .collect(Collectors.groupingBy(PendingEntry::consumer, Collectors.counting()));
    assertThat(rows).containsOnlyKeys("steady", "millstream.released");
    assertThat(rows.values().stream().mapToLong(n -> n).sum()).isEqualTo(10_500);
    assertThat(world.consumers()).contains("steady");
  }

  @Test
  void aWorkerThatWasNeverStartedStopsAtOnce() {
    Worker worker = world.worker().handle(this::record).build();
    worker.stop().subscribe();
    world.advance(Duration.ofMillis(1));

    assertThat(worker.state()).isEqualTo(WorkerState.STOPPED);
  }

  @Test
  void aClosedEngineEndsItsWorkers() {
    Engine engine = world.server.connect();
    Worker worker = world.worker(engine).handle(this::record).start();
    world.advanceSeconds(1);
    engine.close().block();
    world.advanceSeconds(1);

    assertThat(worker.state()).isEqualTo(WorkerState.STOPPED);
  }

  // --- always the same

  @Test
  void anHourOfRetriesIsTheSameEachTime() {
    List<String> first = anHour();
    for (int i = 0; i < 20; i++) {
      assertThat(anHour()).isEqualTo(first);
    }
    assertThat(first).hasSizeGreaterThan(100);
  }

  private static List<String> anHour() {
    World world = new World();
    List<String> trace = new ArrayList<>();
    world
        .worker()
        .concurrency(4)
        .visibilityTimeout(Duration.ofSeconds(20))
        .handle(
            message -> {
              trace.add(
                  message.payload()
                      + "/"
                      + message.delivery()
                      + "@"
                      + world.time.now(java.util.concurrent.TimeUnit.NANOSECONDS));
              return message.payload().hashCode() % 3 == 0
                  ? Mono.error(new IllegalStateException())
                  : Mono.delay(Duration.ofMillis(300), world.time);
            })
        .start();
    world.publish(100);
    world.advance(Duration.ofHours(1));
    return trace;
  }
}
