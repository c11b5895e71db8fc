package io.millstream.examples.orders;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class AccountTest {
  private static Account account(long published, int handled, long deadLettered, long pending) {
    return new Account(
        published,
        handled,
        Map.of("worker-1", handled),
        0,
        16,
        4,
        deadLettered,
        "order 7",
        pending);
  }

  @Test
  void balancesIfEachOrderWasHandledOrGivenUpAndNothingIsPending() {
    assertThat(account(300, 299, 1, 0).balances()).isTrue();

    assertThat(account(300, 298, 1, 0).balances()).as("one is lost").isFalse();
    assertThat(account(300, 299, 2, 0).balances()).as("one too many").isFalse();
    assertThat(account(300, 299, 1, 1).balances()).as("one is pending").isFalse();
    assertThat(account(299, 298, 1, 0).balances()).as("one was not published").isFalse();
  }

  @Test
  void canBeReadByAPerson() {
    assertThat(account(300, 299, 1, 0).toString())
        .isEqualToNormalizingNewlines(
            """
              published           300
              handled             299   none twice
                by worker-1       299
              redelivered          16   12 after a failure, 4 taken over
              dead-lettered         1   order 7
              still pending         0
            It balances: 300 published, 299 handled + 1 dead-lettered, 0 pending""");
    assertThat(account(300, 290, 1, 2).toString())
        .endsWith("It does NOT balance: 300 published, 290 handled + 1 dead-lettered, 2 pending");
  }
}
