package io.millstream.admin;

import static io.millstream.admin.Town.JOBS;
import static io.millstream.admin.Town.all;
import static io.millstream.admin.Town.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.millstream.admin.EntryStory.InGroup;
import io.millstream.admin.EntryStory.State;
import io.millstream.engine.AdminSteps.Redriven;
import io.millstream.engine.ConsumerInfo;
import io.millstream.engine.PendingEntry;
import io.millstream.engine.RedisException;
import io.millstream.engine.TrimArgs;
import io.millstream.entry.Entry;
import io.millstream.entry.EntryId;
import io.millstream.entry.Fields;
import io.millstream.message.BatchOutcomes;
import io.millstream.policy.RetryPolicy;
import io.millstream.worker.ExceptionText;
import io.millstream.worker.Worker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What the operator sees and does, with workers in memory and in virtual time. */
class StreamAdminTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final Town town = new Town();
  private final StreamAdmin admin = town.admin;

  /** A worker that gives up what it is given at once, with the payload in the message. */
  private Worker failing(String group) {
    return town.worker(group)
        .retry(RetryPolicy.none())
        .handle(message -> Mono.error(new IllegalStateException("no " + message.payload())))
        .start();
  }

  private List<DeadLetter> giveUp(String group, String... payloads) {
    Worker worker = failing(group);
    for (String payload : payloads) {
      town.publish(payload);
    }
    town.advance(MINUTE);
    worker.stop().subscribe();
    town.advance(MINUTE);
    return all(admin.deadLetters(JOBS, group));
  }

  private List<String> handling(String group) {
    List<String> handled = new ArrayList<>();
    town.worker(group)
        .handle(
            message -> {
              handled.add(message.payload() + " " + message.delivery());
              return Mono.empty();
            })
        .start();
    return handled;
  }

  private RedriveProgress redrive(String group, Redrive redrive) {
    List<RedriveProgress> progress = town.within(MINUTE, admin.redrive(JOBS, group, redrive));
    return progress.get(progress.size() - 1);
  }

  private static DeadLetter.Story storyOf(DeadLetter letter) {
    return Objects.requireNonNull(letter.story());
  }

  // how things stand

  @Test
  void groupsTellWhatIsPendingUnreadAndGivenUp() {
    giveUp("a", "x", "y");
    town.createGroup("b");
    EntryId third = town.publish("z");
    town.read("a", "alice", 10);
    town.advance(MINUTE);
    assertThat(all(admin.groups(JOBS)))
        .containsExactly(
            new GroupStatus("a", 1, 1, 0L, third, new PendingEntry(third, "alice", MINUTE, 1), 2),
            new GroupStatus("b", 0, 0, 3L, EntryId.MIN, null, 0));
  }

  @Test
  void streamThatIsNotThereHasNoGroups() {
    assertThat(all(admin.groups(JOBS))).isEmpty();
    town.server.set(JOBS.name(), "text");
    assertThatThrownBy(() -> all(admin.groups(JOBS)))
        .isInstanceOfSatisfying(
            RedisException.class, error -> assertThat(error.code()).isEqualTo("WRONGTYPE"));
  }

  @Test
  void pendingIsListedBeyondOnePageAndByIdleAndConsumer() {
    town.createGroup("a");
    for (int i = 0; i < 1_200; i++) {
      town.publish("job-" + i);
    }
    town.read("a", "alice", 1_100);
    town.advance(MINUTE);
    town.read("a", "bob", 100);
    assertThat(all(admin.pending(JOBS, "a"))).hasSize(1_200).doesNotHaveDuplicates();
    assertThat(all(admin.pending(JOBS, "a", MINUTE, null))).hasSize(1_100);
    assertThat(all(admin.pending(JOBS, "a", Duration.ZERO, "bob"))).hasSize(100);
    assertThat(all(admin.consumers(JOBS, "a")))
        .extracting(ConsumerInfo::name, ConsumerInfo::pending)
        .containsExactly(tuple("alice", 1_100L), tuple("bob", 100L));
  }

  @Test
  void storyOfAMessageTellsHowItStandsWithEachGroup() {
    EntryId id = storyOf(giveUp("a", "x").get(0)).id();
    town.createGroup("b");
    town.createGroup("c");
    town.read("c", "carol", 1);
    EntryStory story = get(admin.story(JOBS, id));
    assertThat(story.entry()).isEqualTo(new Entry(id, Fields.of("payload", "x")));
    assertThat(story.groups())
        .extracting(InGroup::state)
        .containsExactly(State.SETTLED, State.UNREAD, State.PENDING);
    assertThat(story.groups().get(0).deadLetters()).hasSize(1);
    assertThat(Objects.requireNonNull(story.groups().get(2).pending()).consumer())
        .isEqualTo("carol");
    town.engine.streams().delete(JOBS.name(), List.of(id)).block();
    assertThat(get(admin.story(JOBS, id)).groups())
        .extracting(InGroup::state)
        .containsExactly(State.GONE, State.GONE, State.PENDING);
  }

  @Test
  void tailTellsTheLastEntriesAndThenEachNewOneOnce() {
    for (int i = 0; i < 250; i++) {
      town.publish("old-" + i);
    }
    List<String> seen = new ArrayList<>();
    admin
        .tail(JOBS, 2, Duration.ofSeconds(1))
        .map(entry -> String.valueOf(entry.fields().text("payload")))
        .subscribe(seen::add);
    assertThat(seen).containsExactly("old-248", "old-249");
    for (int i = 0; i < 250; i++) {
      town.publish("new-" + i);
    }
    town.advance(Duration.ofSeconds(3));
    assertThat(seen).hasSize(252).doesNotHaveDuplicates().endsWith("new-249");
    List<Entry> none = town.within(MINUTE, admin.tail(JOBS, 0, Duration.ofSeconds(1)));
    assertThat(none).isEmpty();
  }

  // dead letters

  @Test
  void deadLetterTellsTheMessageAndItsStory() {
    DeadLetter letter = giveUp("a", "x").get(0);
    assertThat(letter.payload(JOBS)).isEqualTo("x");
    assertThat(letter.original()).isEqualTo(Fields.of("payload", "x"));
    assertThat(letter.headers().isEmpty()).isTrue();
    DeadLetter.Story story = storyOf(letter);
    assertThat(story.stream()).isEqualTo("jobs");
    assertThat(story.group()).isEqualTo("a");
    assertThat(story.deliveries()).isEqualTo(1);
    assertThat(story.exception()).isEqualTo("java.lang.IllegalStateException");
    assertThat(story.message()).isEqualTo("no x");
    assertThat(get(admin.deadLetter(JOBS, "a", letter.id()))).isEqualTo(letter);
    assertThat(admin.deadLetter(JOBS, "a", new EntryId(1, 1)).blockOptional()).isEmpty();
  }

  @Test
  void whatIsNoDeadLetterHasNoStory() {
    EntryId id = get(town.engine.streams().add(JOBS.deadLetterKey("a"), Fields.of("payload", "x")));
    assertThat(all(admin.deadLetters(JOBS, "a")))
        .containsExactly(new DeadLetter(id, Fields.of("payload", "x"), null));
  }

  @Test
  void deadLettersAreDeletedForGood() {
    List<DeadLetter> letters = giveUp("a", "x", "y");
    EntryId first = letters.get(0).id();
    assertThat(get(admin.deleteDeadLetters(JOBS, "a", List.of(first, first)))).isEqualTo(1);
    assertThat(get(admin.deleteDeadLetters(JOBS, "a", List.of()))).isZero();
    assertThat(all(admin.deadLetters(JOBS, "a"))).containsExactly(letters.get(1));
  }

  @Test
  void redrivenMessageIsHandledWithAllItsDeliveriesByItsGroupOnly() {
    giveUp("a", "x", "y");
    List<String> other = handling("b");
    town.advance(MINUTE);
    other.clear();
    List<String> handled = handling("a");
    RedriveProgress progress = redrive("a", Redrive.all());
    assertThat(progress.count(Redriven.IN_PLACE)).isEqualTo(2);
    assertThat(progress.runnable()).isEqualTo(2);
    assertThat(handled).containsExactly("x 1", "y 1");
    assertThat(other).isEmpty();
    assertThat(all(admin.deadLetters(JOBS, "a"))).isEmpty();
  }

  @Test
  void redrivenMessageThatWasTrimmedIsSkippedByWorkersOfOtherGroups() {
    giveUp("a", "x", "y");
    town.engine.streams().trim(JOBS.name(), TrimArgs.maxLength(0)).block();
    List<String> other = handling("b");
    town.createGroup("asleep");
    town.advance(MINUTE);
    List<String> handled = handling("a");
    assertThat(redrive("a", Redrive.all()).count(Redriven.ADDED)).isEqualTo(2);
    assertThat(handled).containsExactly("x 1", "y 1");
    assertThat(other).isEmpty();
    assertThat(town.pending("b")).isEmpty();
    assertThat(town.group("b").lag()).isZero();

    // somebody of another group had read them and is gone: whoever takes them over skips them too
    town.read("asleep", "gone", 10);
    List<String> late = handling("asleep");
    town.advance(Duration.ofMinutes(5));
    assertThat(late).isEmpty();
    assertThat(town.pending("asleep")).isEmpty();
  }

  @Test
  void batchLosesOnlyWhatIsForOtherGroups() {
    giveUp("a", "x");
    town.engine.streams().trim(JOBS.name(), TrimArgs.maxLength(0)).block();
    town.createGroup("b");
    town.publish("before");
    redrive("a", Redrive.all());
    town.publish("after");
    List<String> handled = new ArrayList<>();
    town.worker("b")
        .handleBatch(
            10,
            batch -> {
              batch.forEach(message -> handled.add(message.payload()));
              return Mono.just(BatchOutcomes.ackAll());
            })
        .start();
    town.advance(MINUTE);
    assertThat(handled).containsExactly("before", "after");
    assertThat(town.pending("b")).isEmpty();
  }

  @Test
  void redrivenMessageThatFailsAgainIsNotRedrivenTwiceInOneGo() {
    giveUp("a", "x", "y");
    failing("a");
    List<RedriveProgress> progress =
        town.within(MINUTE, admin.redrive(JOBS, "a", Redrive.all().rate(1)));
    assertThat(progress.get(progress.size() - 1).done()).isEqualTo(2);
    assertThat(all(admin.deadLetters(JOBS, "a"))).hasSize(2);
  }

  @Test
  void redriveIsFilteredLimitedAndChosen() {
    List<DeadLetter> letters = giveUp("a", "x", "y", "z");
    Redrive notY = Redrive.all().where(letter -> !letter.payload(JOBS).equals("y"));
    assertThat(redrive("a", notY.dryRun()).count(Redriven.IN_PLACE)).isEqualTo(2);
    assertThat(redrive("a", Redrive.all().atMost(1).dryRun()).done()).isEqualTo(1);
    assertThat(redrive("a", Redrive.of(letters.get(1).id()).where(l -> false)).done()).isZero();
    assertThat(redrive("a", Redrive.of(letters.get(1).id())).done()).isEqualTo(1);
    assertThat(redrive("a", Redrive.of(letters.get(1).id())).count(Redriven.ABSENT)).isEqualTo(1);
    assertThat(redrive("a", notY.atMost(1)).done()).isEqualTo(1);
    assertThat(all(admin.deadLetters(JOBS, "a"))).containsExactly(letters.get(2));
  }

  @Test
  void redriveGoesAtTheGivenRateAndTellsItsProgress() {
    Worker worker = failing("a");
    for (int i = 0; i < 200; i++) {
      town.publish("job-" + i);
    }
    town.advance(MINUTE);
    worker.stop().subscribe();
    town.advance(MINUTE);
    List<RedriveProgress> progress = new ArrayList<>();
    admin.redrive(JOBS, "a", Redrive.all().rate(20)).subscribe(progress::add);
    for (int second = 1; second <= 9; second++) {
      town.advance(Duration.ofSeconds(1));
      assertThat(progress.get(progress.size() - 1).done()).isEqualTo(second * 20L + 5);
    }
    town.advance(Duration.ofSeconds(1));
    assertThat(progress.get(0)).isEqualTo(RedriveProgress.none(200));
    assertThat(progress.get(progress.size() - 1).done()).isEqualTo(200);
    assertThat(progress.get(progress.size() - 1).letters()).isEqualTo(200);
  }

  @Test
  void redriveOfAGroupThatIsGoneFailsAndKeepsTheDeadLetters() {
    giveUp("a", "x");
    town.engine.groups().destroy(JOBS.name(), "a").block();
    assertThatThrownBy(() -> all(admin.redrive(JOBS, "a", Redrive.all())))
        .isInstanceOfSatisfying(
            RedisException.class, error -> assertThat(error.code()).isEqualTo("NOGROUP"));
    assertThat(all(admin.deadLetters(JOBS, "a"))).hasSize(1);
  }

  @Test
  void redriveWakesWorkersThatListen() {
    giveUp("a", "x");
    List<String> handled = new ArrayList<>();
    town.worker("a")
        .nudge(true)
        .handle(
            message -> {
              handled.add(message.payload());
              return Mono.empty();
            })
        .start();
    town.advance(MINUTE.plusSeconds(1)); // between two rounds
    List<RedriveProgress> progress = new ArrayList<>();
    admin.redrive(JOBS, "a", Redrive.all()).subscribe(progress::add);
    town.advance(Duration.ofMillis(1));
    assertThat(handled).containsExactly("x");
  }

  @Test
  void deadLettersOfADeadLetterStreamGoBackThere() {
    giveUp("a", "x");
    Worker onCall =
        town.worker(JOBS.deadLetters("a"), "on-call")
            .retry(RetryPolicy.none())
            .handle(message -> Mono.error(new IllegalStateException("asleep")))
            .start();
    town.advance(MINUTE);
    onCall.stop().subscribe();
    town.advance(MINUTE);
    assertThat(all(admin.deadLetters(JOBS.deadLetters("a"), "on-call"))).hasSize(1);
    List<RedriveProgress> progress =
        all(admin.redrive(JOBS.deadLetters("a"), "on-call", Redrive.all()));
    assertThat(progress.get(progress.size() - 1).runnable()).isEqualTo(1);
    assertThat(all(admin.deadLetters(JOBS, "a")).get(0).payload(JOBS)).isEqualTo("x");
    assertThat(redrive("a", Redrive.all()).runnable()).isEqualTo(1);
  }

  @Test
  void whatARedriveIsToldIsChecked() {
    assertThatThrownBy(() -> Redrive.all().rate(0)).hasMessageContaining("rate: 0.0");
    assertThatThrownBy(() -> Redrive.all().atMost(0)).hasMessageContaining("atMost: 0");
    assertThatThrownBy(() -> TrimLimit.length(-1)).hasMessageContaining("length: -1");
    assertThatThrownBy(() -> TrimLimit.age(MINUTE.negated())).hasMessageContaining("age: PT-1M");
    assertThatThrownBy(() -> admin.removeGoneConsumers(JOBS, "a", MINUTE))
        .hasMessageContaining("idle: PT1M, allowed: PT2M or more");
  }

  @Test
  void textOfExceptionsCanBeLeftOutOrRedacted() {
    for (ExceptionText text :
        List.of(
            ExceptionText.NONE,
            ExceptionText.redacted(Pattern.compile("[0-9]{4}")),
            failure -> {
              throw new IllegalStateException("of the user's own");
            })) {
      town.worker("a" + all(admin.groups(JOBS)).size())
          .retry(RetryPolicy.none())
          .exceptionText(text)
          .handle(message -> Mono.error(new IllegalStateException("card 4711 refused")))
          .start();
      town.publish("x");
      town.advance(MINUTE);
    }
    assertThat(
            Flux.just("a0", "a1", "a2")
                .concatMap(group -> admin.deadLetters(JOBS, group).take(1))
                .map(letter -> String.valueOf(storyOf(letter).message()))
                .collectList()
                .block())
        .containsExactly("null", "card *** refused", "null");
  }

  // housekeeping

  @Test
  void queueThatDeletesOnAckIsEmptyOnceEveryGroupIsDone() {
    town.createGroup("slow");
    List<String> handled = new ArrayList<>();
    town.worker("fast")
        .deleteOnAck(true)
        .handle(
            message -> {
              handled.add(message.payload());
              return Mono.empty();
            })
        .start();
    for (int i = 0; i < 300; i++) {
      town.publish("job-" + i);
    }
    town.advance(MINUTE);
    assertThat(handled).hasSize(300);
    assertThat(town.standing()).hasSize(300);
    town.worker("slow").deleteOnAck(true).handle(message -> Mono.empty()).start();
    town.advance(MINUTE);
    assertThat(town.standing()).isEmpty();
    town.publish("one more");
    town.advance(MINUTE);
    assertThat(town.standing()).isEmpty();
    assertThat(handled).hasSize(301);
  }

  @Test
  void queueThatDeletesOnAckIsRidOfWhatIsDeadLetteredAndItCanBeRedriven() {
    Worker broken =
        town.worker("a")
            .deleteOnAck(true)
            .retry(RetryPolicy.none())
            .handle(message -> Mono.error(new IllegalStateException()))
            .start();
    town.publish("x");
    town.advance(MINUTE);
    assertThat(town.standing()).isEmpty();
    broken.stop().subscribe();
    town.advance(MINUTE);
    List<String> handled = new ArrayList<>();
    town.worker("a")
        .deleteOnAck(true)
        .handle(
            message -> {
              handled.add(message.payload());
              return Mono.empty();
            })
        .start();
    assertThat(redrive("a", Redrive.all()).count(Redriven.ADDED)).isEqualTo(1);
    assertThat(handled).containsExactly("x");
    assertThat(town.standing()).isEmpty();
  }

  @Test
  void deadLetterIsWrittenOnceThoughItsEntryCouldNotBeDeleted() {
    town.server.faults().failNext("deleteSettled", 1, RedisException.of("OOM no room"));
    town.worker("a")
        .deleteOnAck(true)
        .retry(RetryPolicy.none())
        .handle(message -> Mono.error(new IllegalStateException()))
        .start();
    town.publish("x");
    town.advance(MINUTE);
    assertThat(all(admin.deadLetters(JOBS, "a"))).hasSize(1);
    assertThat(town.pending("a")).isEmpty();
    assertThat(town.standing()).hasSize(1);
  }

  @Test
  void trimGoesOnUntilItIsDoneAndSaysWhoHoldsItBack() {
    town.createGroup("fast");
    town.createGroup("slow");
    for (int i = 0; i < 2_500; i++) {
      town.publish("job-" + i);
    }
    town.acknowledge("fast", town.read("fast", "f", 2_500));
    town.acknowledge("slow", town.read("slow", "s", 2_200));
    assertThat(all(admin.trim(JOBS, TrimLimit.length(100))))
        .containsExactly(
            new TrimProgress(1_000, 1_500, null),
            new TrimProgress(2_000, 500, null),
            new TrimProgress(2_200, 300, "slow"));
    assertThat(all(admin.trim(JOBS, TrimLimit.length(100).ignoring("slow"))))
        .containsExactly(new TrimProgress(200, 100, null));
    town.advance(Duration.ofHours(1));
    assertThat(all(admin.trim(JOBS, TrimLimit.age(Duration.ofHours(1)).ignoring("slow"))))
        .containsExactly(new TrimProgress(0, 100, null));
    town.advance(Duration.ofMillis(1));
    assertThat(all(admin.trim(JOBS, TrimLimit.age(Duration.ofHours(1)).ignoring("slow"))))
        .containsExactly(new TrimProgress(100, 0, null));
  }

  @Test
  void deadLettersAreTrimmedByALimitOfTheirOwn() {
    List<DeadLetter> letters = giveUp("a", "x", "y", "z");
    assertThat(all(admin.trimDeadLetters(JOBS, "a", TrimLimit.length(1))))
        .containsExactly(new TrimProgress(2, 1, null));
    assertThat(all(admin.deadLetters(JOBS, "a"))).containsExactly(letters.get(2));
  }

  @Test
  void consumersThatAreGoneAreRemovedOnceTheyAreIdleForLong() {
    town.publish("x");
    town.createGroup("a");
    town.read("a", "holds", 1);
    town.engine.groups().createConsumer(JOBS.name(), "a", "gone").block();
    town.advance(Duration.ofHours(1));
    Worker alive =
        town.worker("a")
            .visibilityTimeout(Duration.ofHours(24))
            .handle(message -> Mono.empty())
            .start();
    town.advance(MINUTE);
    assertThat(get(admin.removeGoneConsumers(JOBS, "a", Duration.ofHours(2)))).isEmpty();
    assertThat(get(admin.removeGoneConsumers(JOBS, "a", Duration.ofHours(1))))
        .containsExactly("gone");
    assertThat(all(admin.consumers(JOBS, "a")))
        .extracting(ConsumerInfo::name)
        .containsExactlyInAnyOrder("holds", alive.consumer());
  }
}
