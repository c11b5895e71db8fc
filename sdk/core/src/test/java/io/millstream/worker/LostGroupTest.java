package io.millstream.worker;

import static io.millstream.worker.World.GROUP;
import static io.millstream.worker.World.JOBS;
import static org.assertj.core.api.Assertions.assertThat;

import io.millstream.engine.CreateArgs;
import io.millstream.engine.PendingEntry;
import io.millstream.entry.EntryId;
import io.millstream.message.Message;
import io.millstream.policy.RetryPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** What becomes of a worker whose group, or whose rows, somebody took away, on virtual time. */
class LostGroupTest {
  private final World world = new World();
  private final List<Message<String>> handled = new ArrayList<>();
  private final List<String> cancelled = new ArrayList<>();

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

  private void destroyGroup() {
    world.admin.groups().destroy(JOBS.name(), GROUP).block();
  }

  @Test
  void fromTheBeginningEverythingIsHandledAgain() {
    world.worker().onLostGroup(LostGroup.BEGINNING).handle(this::record).start();
    world.publish(3);
    world.advanceSeconds(1);
    destroyGroup();
    world.advanceSeconds(5);

    assertThat(payloads()).containsExactly("job-0", "job-1", "job-2", "job-0", "job-1", "job-2");
  }

  @Test
  void atTheEndOnlyWhatComesFromThenOnIsHandled() {
    Worker worker = world.worker().onLostGroup(LostGroup.END).handle(this::record).start();
    world.publish(3);
    world.advanceSeconds(1);
    worker.pause().subscribe();
    world.advanceSeconds(1);
    destroyGroup();
    world.publish("missed");
    worker.resume();
    world.advanceSeconds(5);
    world.publish("later");
    world.advanceSeconds(5);

    assertThat(payloads()).containsExactly("job-0", "job-1", "job-2", "later");
  }

  @Test
  void failingStopsTheWorkerSaysWhyAndLetsHandlersFinish() {
    List<String> done = new ArrayList<>();
    Worker worker =
        world
            .worker()
            .onLostGroup(LostGroup.FAIL)
            .handle(
                message ->
                    Mono.delay(Duration.ofSeconds(5), world.time)
                        .doOnNext(tick -> done.add(message.payload())))
            .start();
    world.publish(2);
    world.advanceSeconds(1);
    destroyGroup();
    world.advanceSeconds(1);
    assertThat(worker.state()).isEqualTo(WorkerState.STOPPING);
    world.advanceSeconds(30);

    assertThat(worker.state()).isEqualTo(WorkerState.FAILED);
    assertThat(worker.trouble().orElseThrow()).contains("group", GROUP, "gone");
    assertThat(done).hasSize(2);
    assertThat(world.admin.groups().infoGroups(JOBS.name()).block()).isEmpty();
  }

  @Test
  void aGroupMadeAnewByAnotherBeyondWhatThisWorkerHoldsLosesNoneOfIt() {
    world
        .worker()
        .concurrency(3)
        .readAhead(0)
        .visibilityTimeout(Duration.ofSeconds(30))
        .retry(RetryPolicy.fixed(Duration.ofSeconds(1)).maxDeliveries(2))
        .handle(
            message -> {
              handled.add(message);
              return Mono.delay(Duration.ofSeconds(15), world.time)
                  .doOnCancel(() -> cancelled.add(message.payload()))
                  .then(
                      message.payload().equals("job-1")
                          ? Mono.error(new IllegalStateException())
                          : Mono.empty());
            })
        .start();
    world.publish(3);
    world.advanceSeconds(1);
    EntryId last = world.pending().get(2).id();
    destroyGroup();
    world.admin.groups().create(JOBS.name(), GROUP, CreateArgs.from(last.toString())).block();
    world.advanceSeconds(11); // a renewal has found its rows gone
    assertThat(world.pending()).hasSize(3).extracting(PendingEntry::deliveries).containsOnly(1L);
    world.advanceSeconds(60);

    assertThat(cancelled).isEmpty();
    assertThat(handled).hasSize(4); // job-1 failed twice
    assertThat(world.deadLetters()).hasSize(1);
    assertThat(world.pending()).isEmpty();
  }

  private void deleteConsumer(Worker worker) {
    world.admin.groups().deleteConsumer(JOBS.name(), GROUP, worker.consumer()).block();
  }

  @Test
  void aRetryWhoseRowIsGoneIsDeliveredAllTheSame() {
    Worker worker =
        world
            .worker()
            .visibilityTimeout(Duration.ofSeconds(60)) // no renewal meanwhile
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
    world.advanceSeconds(5);

    assertThat(handled).extracting(Message::delivery).containsExactly(1L, 2L);
    assertThat(world.pending()).isEmpty();
  }

  @Test
  void aMessageThatIsGivenUpThoughItsRowIsGoneLeavesADeadLetter() {
    Worker worker =
        world
            .worker()
            .visibilityTimeout(Duration.ofSeconds(60)) // no renewal meanwhile
            .retry(RetryPolicy.none())
            .handle(
                message ->
                    Mono.delay(Duration.ofSeconds(5), world.time)
                        .then(Mono.error(new IllegalStateException())))
            .start();
    world.publish("one");
    world.advanceSeconds(1);
    deleteConsumer(worker);
    world.advanceSeconds(5);

    assertThat(world.deadLetters()).hasSize(1);
    assertThat(world.deadLetters().get(0).fields().text("payload")).isEqualTo("one");
    assertThat(world.pending()).isEmpty();
  }

  @Test
  void whatCameAfterALongWaitIsKnownToBeLeasedAtOnce() {
    Worker worker =
        world
            .worker()
            .visibilityTimeout(Duration.ofSeconds(3)) // less than BLOCK
            .handle(
                message ->
                    Mono.delay(Duration.ofSeconds(10), world.time)
                        .doOnNext(tick -> handled.add(message))
                        .doOnCancel(() -> cancelled.add(message.payload())))
            .start();
    world.advance(Duration.ofMillis(14_900)); // the read that is under way was sent 4.9 s ago
    world.publish("one");
    world.advance(Duration.ofMillis(1));
    deleteConsumer(worker);
    world.advanceSeconds(30);

    assertThat(cancelled).isEmpty();
    assertThat(handled).hasSize(1);
    assertThat(world.pending()).isEmpty();
  }

  @Test
  void aDeletedConsumerLosesNothing() {
    Worker worker =
        world
            .worker()
            .concurrency(2)
            .readAhead(3)
            .visibilityTimeout(Duration.ofSeconds(30))
            .handle(
                message -> {
                  handled.add(message);
                  return Mono.delay(Duration.ofSeconds(20), world.time)
                      .doOnCancel(() -> cancelled.add(message.payload()));
                })
            .start();
    world.publish(5);
    world.advanceSeconds(1);
    assertThat(world.pending()).hasSize(5);
    deleteConsumer(worker);
    assertThat(world.pending()).isEmpty();
    world.advanceSeconds(11);
    assertThat(world.pending()).hasSize(5);
    world.advanceSeconds(120);

    assertThat(cancelled).isEmpty();
    assertThat(handled).hasSize(5);
    assertThat(world.pending()).isEmpty();
  }

  @Test
  void aDeadLetterWhoseReplyWasLostIsWrittenOnce() {
    world
        .worker()
        .retry(RetryPolicy.none())
        .handle(message -> Mono.error(new IllegalStateException()))
        .start();
    world.advanceSeconds(1);
    world.server.faults().loseReply("deadLetter", 1);
    world.publish("one");
    world.advanceSeconds(10);

    assertThat(world.deadLetters()).hasSize(1);
    assertThat(world.pending()).isEmpty();
  }
}
