package io.millstream.test;

import static io.millstream.test.MillstreamAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millstream.codec.MessageStream;
import io.millstream.engine.PendingEntry;
import io.millstream.entry.EntryId;
import io.millstream.message.Outcome;
import io.millstream.policy.RetryPolicy;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/**
 * Four messages: one acknowledged at its second delivery, one that became a dead letter, one that
 * hangs, and one that the group has not been given.
 */
class MillstreamAssertionsTest {
  private static final MessageStream<String> JOBS = MessageStream.string("jobs");

  private final TestMillstream millstream = TestMillstream.create();
  private final EntryId retried = millstream.publish(JOBS, "retried");
  private final EntryId dead = millstream.publish(JOBS, "dead");
  private final EntryId hanging = millstream.publish(JOBS, "hanging");
  private final EntryId late;

  MillstreamAssertionsTest() {
    TestMillstream process = millstream.anotherProcess();
    process
        .worker(JOBS, "w")
        .consumer("me")
        .retry(RetryPolicy.fixed(Duration.ofSeconds(1)).maxDeliveries(3))
        .handle(
            m ->
                switch (m.payload()) {
                  case "retried" ->
                      m.redelivered()
                          ? Mono.empty()
                          : Mono.error(new IllegalStateException("not yet"));
                  case "dead" -> Mono.just(Outcome.deadLetter("no such customer"));
                  default -> Mono.never();
                })
        .start();
    millstream.advance(Duration.ofSeconds(5));
    process.crash();
    late = millstream.publish(JOBS, "late");
  }

  @AfterEach
  void close() {
    millstream.close();
  }

  private GroupAssert<String> group() {
    return assertThat(millstream).stream(JOBS).group("w");
  }

  private static void fails(Consumer<GroupAssert<String>> assertion, GroupAssert<String> on) {
    failure(assertion, on);
  }

  private static AssertionError failure(
      Consumer<GroupAssert<String>> assertion, GroupAssert<String> on) {
    @Nullable AssertionError error =
        catchThrowableOfType(AssertionError.class, () -> assertion.accept(on));
    assertThat(error).isNotNull();
    return error;
  }

  @Test
  void whatIsSoPasses() {
    assertThatCode(
            () -> {
              group()
                  .hasPending(1)
                  .holds("me", hanging)
                  .holdsNothing("you")
                  .hasLag(1)
                  .hasDeadLetters(1)
                  .hasFailures(1, IllegalStateException.class);
              group().pending().extracting(PendingEntry::consumer).containsExactly("me");
              group().deadLetters().extracting(DeadLetter::payload).containsExactly("dead");
              group().failures().extracting(Delivery::id).containsExactly(retried);
              group().deadLetter().hasPayload("dead").hasReason("customer").hasDeliveries(1);
              group().message(retried).wasDelivered(2).isAcknowledged();
              group().message(dead).wasDelivered(1).deadLetter().hasPayload("dead");
              group().message(hanging).isPending().isHeldBy("me").hasDeliveryCount(1);
              group().message(late).wasNotDelivered();
              assertThat(millstream).stream(JOBS)
                  .payloads()
                  .containsExactly("retried", "dead", "hanging", "late");
              assertThat(millstream).stream(JOBS)
                  .group("nobody")
                  .isDone()
                  .hasNoDeadLetters()
                  .hasNoFailures();
              assertThat(millstream.group(JOBS, "w")).hasPending(1);
              assertThat(millstream.deadLetters(JOBS, "w").get(0)).hasReason("no such customer");
            })
        .doesNotThrowAnyException();
  }

  @Test
  void whatIsNotSoFails() {
    fails(GroupAssert::hasNoPending, group());
    fails(group -> group.hasPending(2), group());
    fails(group -> group.holds("me"), group());
    fails(group -> group.holds("you", hanging), group());
    fails(group -> group.holdsNothing("me"), group());
    fails(GroupAssert::hasNoLag, group());
    fails(group -> group.hasLag(2), group());
    fails(GroupAssert::isDone, group());
    fails(GroupAssert::hasNoDeadLetters, group());
    fails(group -> group.hasDeadLetters(2), group());
    fails(GroupAssert::hasNoFailures, group());
    fails(group -> group.hasFailures(2, IllegalStateException.class), group());
    fails(group -> group.hasFailures(1, IllegalArgumentException.class), group());
    fails(GroupAssert::deadLetter, assertThat(millstream).stream(JOBS).group("nobody"));
    fails(group -> group.message(retried).wasDelivered(1), group());
    fails(group -> group.message(retried).wasNotDelivered(), group());
    fails(group -> group.message(retried).isPending(), group());
    fails(group -> group.message(retried).deadLetter(), group());
    fails(group -> group.message(hanging).isHeldBy("you"), group());
    fails(group -> group.message(hanging).hasDeliveryCount(2), group());
    fails(group -> group.message(hanging).isAcknowledged(), group());
    fails(group -> group.message(dead).isAcknowledged(), group());
    fails(group -> group.message(late).isAcknowledged(), group());
    fails(group -> group.deadLetter().hasPayload("other"), group());
    fails(group -> group.deadLetter().hasReason("other"), group());
    fails(group -> group.deadLetter().hasDeliveries(2), group());
    fails(group -> group.deadLetter().failedWith(IllegalStateException.class), group());
    fails(group -> group.deadLetter().hasExceptionMessage("not yet"), group());
  }

  @Test
  void aFailureTellsTheWholeStory() {
    assertThat(failure(GroupAssert::hasNoPending, group().as("after the outage")))
        .hasMessage(
            "[after the outage] expected pending: 0, but found: 1\n"
                + "group 'w' of stream 'jobs' at 2026-01-01T00:00:05Z\n"
                + "  pending: 1\n"
                + "    1767225600000-2 under me, delivery count 1, idle for 5s\n"
                + "  undelivered: 1\n"
                + "    1767225605000-0\n"
                + "  dead letters: 1\n"
                + "    1767225600000-1 after delivery 1: no such customer\n"
                + "  failed deliveries: 1\n"
                + "    1767225600000-0 delivery 1 by me at 2026-01-01T00:00:00Z:"
                + " java.lang.IllegalStateException: not yet");
  }

  @Test
  void aFailureOfAMessageTellsItsDeliveries() {
    assertThat(failure(group -> group.message(retried).isPending(), group()))
        .hasMessageStartingWith(
            "expected message 1767225600000-0 to be pending, but it is not\n"
                + "  delivery 1 by me at 2026-01-01T00:00:00Z:"
                + " java.lang.IllegalStateException: not yet\n"
                + "  delivery 2 by me at 2026-01-01T00:00:01Z\n"
                + "group 'w' of stream 'jobs'");
  }

  @Test
  void aFailureOfADeadLetterShowsIt() {
    assertThat(failure(group -> group.deadLetter().hasReason("deliveries spent"), group()))
        .hasMessage(
            """
        expected reason: deliveries spent, but the dead letter is
          1767225600000-1 after delivery 1: no such customer
          payload: dead\
        """);
  }

  @Test
  void anUndecodableDeadLetterIsShownAsOne() {
    MessageStream<String> picky = MessageStream.string("picky");
    try (TestMillstream other = TestMillstream.create()) {
      other.worker(picky, "w").handle(m -> Mono.empty()).start();
      other.publish(MessageStream.bytes("picky"), new byte[] {(byte) 0xff});
      other.advance(Duration.ofSeconds(1));
      DeadLetter<String> letter = other.deadLetters(picky, "w").get(0);
      assertThat(letter.reason()).isEqualTo("not decodable");
      assertThat(
              catchThrowableOfType(
                  AssertionError.class, () -> assertThat(letter).hasReason("other")))
          .hasMessageContaining("payload: not decodable, ");
    }
  }

  @Test
  void whatWasAssertedIsExpectedByAStrictTest() {
    assertThatCode(() -> strictly(group -> group.hasFailures(1, IllegalStateException.class)))
        .doesNotThrowAnyException();
    assertThatCode(() -> strictly(group -> group.failures().hasSize(1))).doesNotThrowAnyException();
    assertThatCode(() -> strictly(group -> group.deadLetter().hasDeliveries(1)))
        .doesNotThrowAnyException();
    assertThatCode(
            () ->
                strictly(group -> group.message(EntryId.parse("1767225600000-0")).wasDelivered(1)))
        .doesNotThrowAnyException();
    assertThatCode(() -> strictly(group -> group.hasDeadLetters(1))).doesNotThrowAnyException();
    assertThatCode(
            () ->
                strictly(
                    group ->
                        group.message(EntryId.parse("1767225600000-0")).deadLetter().isNotNull()))
        .doesNotThrowAnyException();
  }

  @Test
  void whatWasAssertedOtherwiseIsNot() {
    for (Consumer<GroupAssert<String>> assertion :
        List.<Consumer<GroupAssert<String>>>of(
            GroupAssert::isDone,
            group -> failure(GroupAssert::hasNoFailures, group),
            group -> failure(GroupAssert::hasNoDeadLetters, group),
            group -> failure(each -> each.hasFailures(1, RuntimeError.class), group))) {
      assertThat(catchThrowableOfType(AssertionError.class, () -> strictly(assertion))).isNotNull();
    }
  }

  private static final class RuntimeError extends Error {
    private static final long serialVersionUID = 1;
  }

  /** One dead letter and its failure, of which the former alone would be allowed. */
  private static void strictly(Consumer<GroupAssert<String>> assertion) {
    try (TestMillstream strict = TestMillstream.create().strict(Leftover.DEAD_LETTERS)) {
      strict
          .worker(JOBS, "w")
          .retry(RetryPolicy.none())
          .handle(m -> Mono.error(new IllegalStateException("never")))
          .start();
      strict.publish(JOBS, "one");
      strict.advance(Duration.ofSeconds(1));
      assertion.accept(assertThat(strict).stream(JOBS).group("w"));
    }
  }
}
