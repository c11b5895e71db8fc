package io.millstream.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millstream.codec.MessageStream;
import io.millstream.entry.EntryId;
import io.millstream.policy.RetryPolicy;
import io.millstream.worker.Worker;
import io.millstream.worker.WorkerState;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** A strict test fails for what it leaves behind, and says what that is. */
class StrictTest {
  private static final MessageStream<String> JOBS = MessageStream.string("jobs");
  private static final String ID = "1767225600000-0";

  private static void strict(Consumer<TestMillstream> test, Leftover... allowed) {
    try (TestMillstream millstream = TestMillstream.create().strict(allowed)) {
      test.accept(millstream);
    }
  }

  private static AssertionError failureOf(Consumer<TestMillstream> test, Leftover... allowed) {
    @Nullable AssertionError error =
        catchThrowableOfType(AssertionError.class, () -> strict(test, allowed));
    assertThat(error).as("what is left behind").isNotNull();
    return error;
  }

  private static void goesWell(Consumer<TestMillstream> test, Leftover... allowed) {
    assertThatCode(() -> strict(test, allowed)).doesNotThrowAnyException();
  }

  private static void hangs(TestMillstream millstream) {
    millstream.worker(JOBS, "w").consumer("me").handle(m -> Mono.never()).start();
    millstream.publish(JOBS, "one");
    millstream.advance(Duration.ofSeconds(5));
  }

  private static void failsOnce(TestMillstream millstream) {
    millstream
        .worker(JOBS, "w")
        .consumer("me")
        .retry(RetryPolicy.fixed(Duration.ofSeconds(1)))
        .handle(m -> m.redelivered() ? Mono.empty() : Mono.error(new IllegalStateException("once")))
        .start();
    millstream.publish(JOBS, "one");
    millstream.advance(Duration.ofSeconds(5));
  }

  private static void dies(TestMillstream millstream) {
    millstream
        .worker(JOBS, "w")
        .consumer("me")
        .retry(RetryPolicy.none())
        .handle(m -> Mono.error(new IllegalStateException("never")))
        .start();
    millstream.publish(JOBS, "one");
    millstream.advance(Duration.ofSeconds(5));
  }

  @Test
  void aTestThatLeavesNothingBehindPasses() {
    goesWell(
        millstream -> {
          millstream.worker(JOBS, "w").handle(m -> Mono.empty()).start();
          millstream.publish(JOBS, "one");
          millstream.advance(Duration.ofSeconds(1));
        });
    goesWell(millstream -> {});
  }

  @Test
  void whatIsOnlyDueNowIsNotLeftBehind() {
    goesWell(
        millstream -> {
          millstream.worker(JOBS, "w").handle(m -> Mono.empty()).start();
          millstream.advance(Duration.ofSeconds(1));
          millstream.publish(JOBS, "one");
        });
  }

  @Test
  void whatIsPendingIsLeftBehind() {
    assertThat(failureOf(StrictTest::hangs))
        .hasMessage(
            "strict: the test left behind\n"
                + "  in group 'w' of stream 'jobs'\n"
                + "    pending: 1\n"
                + "      "
                + ID
                + " under me, delivery count 1, idle for 5s\n"
                + "Let more time pass, assert it, or allow it: strict(Leftover...)");
    goesWell(StrictTest::hangs, Leftover.PENDING);
  }

  @Test
  void whatNobodyWasGivenIsLeftBehind() {
    Consumer<TestMillstream> test =
        millstream -> {
          millstream.publish(JOBS, "one");
          millstream.crashHolding(JOBS, "w", "gone", 1);
          millstream.publish(JOBS, "two");
        };
    assertThat(failureOf(test, Leftover.PENDING))
        .hasMessageContaining("    undelivered: 1\n      1767225600000-1\n")
        .hasMessageNotContaining("pending");
    goesWell(test, Leftover.PENDING, Leftover.UNDELIVERED);
  }

  @Test
  void aStreamWithoutAGroupIsForNobodyToHandle() {
    goesWell(millstream -> millstream.publish(JOBS, "one"));
  }

  @Test
  void aFailureNobodyLookedAtIsLeftBehindThoughItsMessageWasHandledSince() {
    AssertionError error = failureOf(StrictTest::failsOnce);
    assertThat(error)
        .hasMessageContaining(
            "failed deliveries nobody looked at: 1\n      "
                + ID
                + " delivery 1 by me at 2026-01-01T00:00:00Z:"
                + " java.lang.IllegalStateException: once\n")
        .hasCauseInstanceOf(IllegalStateException.class);
    goesWell(StrictTest::failsOnce, Leftover.FAILURES);
  }

  @Test
  void aFailureThatWasLookedAtIsExpected() {
    goesWell(
        millstream -> {
          failsOnce(millstream);
          assertThat(millstream.group(JOBS, "w").failures()).hasSize(1);
        });
    goesWell(
        millstream -> {
          failsOnce(millstream);
          assertThat(millstream.group(JOBS, "w").deliveries(EntryId.parse(ID))).hasSize(2);
        });
    failureOf(
        millstream -> {
          failsOnce(millstream);
          assertThat(millstream.group(JOBS, "w").deliveries()).hasSize(2);
          assertThat(millstream.group(JOBS, "w").deliveries(EntryId.parse("1-1"))).isEmpty();
          assertThat(millstream.group(JOBS, "other").failures()).isEmpty();
        });
  }

  @Test
  void aFailureThatComesAfterTheLookIsLeftBehind() {
    failureOf(
        millstream -> {
          failsOnce(millstream);
          assertThat(millstream.group(JOBS, "w").failures()).hasSize(1);
          millstream.publish(JOBS, "two");
          millstream.advance(Duration.ofSeconds(5));
        });
  }

  @Test
  void aDeadLetterNobodyLookedAtIsLeftBehind() {
    assertThat(failureOf(StrictTest::dies, Leftover.FAILURES))
        .hasMessageContaining(
            "dead letters nobody looked at: 1\n      "
                + ID
                + " after delivery 1: deliveries spent"
                + " (java.lang.IllegalStateException: never)\n");
    failureOf(StrictTest::dies, Leftover.DEAD_LETTERS);
    goesWell(StrictTest::dies, Leftover.DEAD_LETTERS, Leftover.FAILURES);
  }

  @Test
  void aDeadLetterThatWasLookedAtIsExpectedAndSoIsWhyItFailed() {
    goesWell(
        millstream -> {
          dies(millstream);
          assertThat(millstream.deadLetterPayloads(JOBS, "w")).containsExactly("one");
        });
  }

  @Test
  void deadLettersThatAGroupReadsAreThatGroupsToHandle() {
    Consumer<TestMillstream> test =
        millstream -> {
          dies(millstream);
          millstream
              .worker(JOBS.deadLetters("w"), "on-call")
              .consumer("person")
              .handle(m -> Mono.never())
              .start();
          millstream.advance(Duration.ofSeconds(1));
        };
    assertThat(failureOf(test, Leftover.FAILURES))
        .hasMessageContaining("in group 'on-call' of stream '{jobs}:w:dlq'")
        .hasMessageContaining("under person")
        .hasMessageNotContaining("dead letters nobody");
    goesWell(test, Leftover.FAILURES, Leftover.PENDING);
  }

  @Test
  void anAssertionThatFailsInsideAHandlerIsNotLost() {
    assertThat(
            failureOf(
                millstream -> {
                  millstream
                      .worker(JOBS, "w")
                      .handleBlocking(m -> assertThat(m.payload()).isEqualTo("two"))
                      .start();
                  millstream.publish(JOBS, "one");
                  millstream.advance(Duration.ofHours(1));
                }))
        .hasCauseInstanceOf(AssertionError.class);
  }

  @Test
  void aTestThatFailsByItselfFailsForThatReason() {
    IllegalArgumentException own =
        catchThrowableOfType(
            IllegalArgumentException.class,
            () ->
                strict(
                    millstream -> {
                      hangs(millstream);
                      throw new IllegalArgumentException("its own");
                    }));
    assertThat(own.getSuppressed()).hasSize(1);
    assertThat(own.getSuppressed()[0]).hasMessageStartingWith("strict: the test left behind");
  }

  @Test
  void workersAreStoppedAllTheSame() {
    Worker[] worker = new Worker[1];
    failureOf(
        millstream -> {
          worker[0] = millstream.worker(JOBS, "v").handle(m -> Mono.empty()).start();
          hangs(millstream);
        });
    assertThat(worker[0].state()).isEqualTo(WorkerState.STOPPED);
  }

  @Test
  void withoutStrictNothingIsAsked() {
    assertThatCode(
            () -> {
              try (TestMillstream millstream = TestMillstream.create()) {
                hangs(millstream);
                dies(millstream);
              }
            })
        .doesNotThrowAnyException();
  }

  @Test
  void aListThatIsLongIsCut() {
    Consumer<TestMillstream> test =
        millstream -> {
          for (int i = 0; i < 25; i++) {
            millstream.publish(JOBS, "job");
          }
          millstream.crashHolding(JOBS, "w", "gone", 25);
        };
    assertThat(failureOf(test))
        .hasMessageContaining("pending: 25\n")
        .hasMessageContaining("      and 5 more\n")
        .message()
        .hasLineCount(25); // five lines around twenty
  }

  @Test
  void aFailureIsLeftBehindThoughItsGroupIsGone() {
    assertThat(
            failureOf(
                millstream -> {
                  TestMillstream process = millstream.anotherProcess();
                  dies(process);
                  process.crash();
                  millstream.server().flushAll();
                }))
        .hasMessageContaining("failed deliveries nobody looked at: 1");
  }

  @Test
  void whatGoesWrongWhileItStopsIsToldBesideWhatIsLeftBehind() {
    assertThat(
            failureOf(
                millstream -> {
                  hangs(millstream);
                  millstream
                      .time()
                      .schedule(
                          () -> {
                            throw new IllegalStateException("later");
                          },
                          1,
                          TimeUnit.MILLISECONDS);
                }))
        .hasMessage("a task failed while time passed")
        .satisfies(
            error ->
                assertThat(error.getSuppressed()[0])
                    .hasMessageStartingWith("strict: the test left behind"));
  }
}
