package io.millstream.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** What {@link Engine} promises of every call, and of its own life. */
abstract class ConventionsContract extends EngineContract {
  ConventionsContract(Supplier<EngineFixture> fixtures) {
    super(fixtures);
  }

  @Test
  void nothingIsSentBeforeSubscription() {
    createPending(ALICE, "1-0");
    Mono<?> add = streams.add(key, fieldsOf("2-0"));
    Mono<?> ack = groups.ack(key, GROUP, ids("1-0"));
    Mono<?> read = reader().read(ReadArgs.history(key, GROUP, ALICE, "0", null));
    Mono<?> step = steps.redeliver(key, GROUP, ALICE, 1, ids("1-0"));
    assertThat(standing(key)).isEqualTo(ids("1-0"));
    assertThat(pending()).containsExactly("1-0 alice 1");
    List.of(read, step, add, ack).forEach(EngineContract::run);
    assertThat(standing(key)).hasSize(2);
    assertThat(pending()).isEmpty();
  }

  @Test
  void eachSubscriptionSendsOnce() {
    createPending(ALICE, "1-0");
    Mono<?> add = streams.add(key, fieldsOf("any"));
    Mono<?> claim = groups.claim(key, GROUP, ALICE, NOW, ids("1-0"), ClaimArgs.NONE);
    List.of(add, claim, add, claim).forEach(EngineContract::run);
    assertThat(standing(key)).hasSize(3);
    assertThat(pending()).containsExactly("1-0 alice 3");
  }

  @Test
  void commandsTakeEffectInTheOrderOfTheirSubscription() {
    List<CompletableFuture<?>> answers = new ArrayList<>();
    List<String> wanted = new ArrayList<>();
    for (int i = 1; i <= 200; i++) {
      wanted.add(i + "-0");
      answers.add(streams.add(key, fieldsOf("any"), AddArgs.id(i + "-0")).toFuture());
    }
    await("all answers", () -> answers.stream().allMatch(CompletableFuture::isDone));
    assertThat(answers).noneMatch(CompletableFuture::isCompletedExceptionally);
    assertThat(standing(key)).isEqualTo(ids(wanted.toArray(new String[0])));
  }

  @Test
  void closedEngineFailsWithConnectionAndLeavesTheOthersAlone() {
    add("1-0");
    Engine closed = fixture.open();
    Reader reader = get(closed.openReader());
    assertThat(get(closed.streams().length(key))).isEqualTo(1);
    run(closed.close());
    run(closed.close());
    List<Mono<?>> calls =
        List.of(
            closed.streams().length(key),
            closed.groups().infoGroups(key),
            closed.steps().removeConsumer(key, GROUP, ALICE),
            closed.openReader(),
            reader.read(ReadArgs.fresh(key, GROUP, ALICE, 1, null)));
    for (Mono<?> call : calls) {
      assertThat(errorOf(call).code()).isEqualTo(RedisException.CONNECTION);
      assertThat(errorOf(call).outcomeUnknown()).isTrue();
    }
    assertThat(get(streams.length(key))).isEqualTo(1);
  }

  @Test
  void closingTheEngineEndsItsBlockedReads() throws Exception {
    createGroup();
    Engine closed = fixture.open();
    var read =
        get(closed.openReader()).read(ReadArgs.fresh(key, GROUP, ALICE, 1, LONG_BLOCK)).toFuture();
    fixture.awaitBlockedReaders(1);
    run(closed.close());
    try {
      throw new AssertionError("brought " + read.get(PATIENCE.toSeconds(), TimeUnit.SECONDS));
    } catch (ExecutionException e) {
      assertThat(e.getCause())
          .isInstanceOfSatisfying(
              RedisException.class,
              error -> assertThat(error.code()).isEqualTo(RedisException.CONNECTION));
    }
    fixture.awaitBlockedReaders(0);
    add("1-0");
    assertThat(pending()).isEmpty();
  }

  @Test
  void eventsCompleteWhenTheEngineIsClosed() {
    Engine closed = fixture.open();
    var completed = closed.events().then().toFuture();
    run(closed.close());
    await("events complete", completed::isDone);
    assertThat(completed).isCompleted();
    assertThat(closed.events().collectList().block(Duration.ofSeconds(10))).isEmpty();
  }
}
