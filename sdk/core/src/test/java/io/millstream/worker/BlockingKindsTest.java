package io.millstream.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.millstream.entry.EntryId;
import io.millstream.message.BatchOutcomes;
import io.millstream.message.Message;
import io.millstream.message.Outcome;
import io.millstream.policy.RetryPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Handlers that block and say how deliveries end, one by one and in batches. */
class BlockingKindsTest {
  private final World world = new World();
  private final List<String> seen = new ArrayList<>();

  @Test
  void anOutcomeOfABlockingHandlerIsObeyed() {
    world
        .worker()
        .handleBlockingOutcome(
            message -> {
              seen.add(message.payload() + " " + message.delivery());
              return message.redelivered()
                  ? Outcome.deadLetter("seen twice")
                  : Outcome.retry(Duration.ofSeconds(10));
            })
        .start();
    world.publish("a");
    world.advanceSeconds(9);
    assertThat(seen).containsExactly("a 1");

    world.advanceSeconds(2);

    assertThat(seen).containsExactly("a 1", "a 2");
    assertThat(world.deadLetters()).hasSize(1);
    assertThat(world.pending()).isEmpty();
  }

  @Test
  void noOutcomeOfABlockingHandlerIsAFailure() {
    world
        .worker()
        .retry(RetryPolicy.none())
        .handleBlockingOutcome(BlockingKindsTest::nothing)
        .start();
    world.publish("a");
    world.advanceSeconds(1);

    assertThat(world.deadLetters()).hasSize(1);
  }

  @SuppressWarnings("NullAway") // what a careless handler does
  private static Outcome nothing(Message<String> message) {
    return null;
  }

  @Test
  void aBlockingBatchEndsEachMessageAsItSays() {
    for (String payload : List.of("a", "b", "c")) {
      world.publish(payload);
    }
    world
        .worker()
        .handleBlockingBatch(
            10,
            batch -> {
              batch.forEach(message -> seen.add(message.payload()));
              return BatchOutcomes.ackAll().with(batch.get(1), Outcome.deadLetter("b is bad"));
            })
        .start();
    world.advanceSeconds(1);

    assertThat(seen).containsExactly("a", "b", "c");
    assertThat(world.deadLetters()).hasSize(1);
    assertThat(world.pending()).isEmpty();
  }

  @Test
  void aBlockingBatchThatThrowsIsAFailedDeliveryOfEach() {
    EntryId a = world.publish("a");
    EntryId b = world.publish("b");
    world
        .worker()
        .retry(RetryPolicy.fixed(Duration.ofHours(1)))
        .handleBlockingBatch(
            10,
            batch -> {
              throw new IllegalStateException("no");
            })
        .start();
    world.advanceSeconds(1);

    assertThat(world.pending()).extracting(row -> row.id()).containsExactly(a, b);
    assertThat(world.deadLetters()).isEmpty();
  }
}
