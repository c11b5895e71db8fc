package io.millstream.examples.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.millstream.admin.DeadLetter;
import io.millstream.admin.GroupStatus;
import io.millstream.admin.Redrive;
import io.millstream.admin.RedriveProgress;
import io.millstream.admin.StreamAdmin;
import io.millstream.admin.TrimLimit;
import io.millstream.admin.TrimProgress;
import io.millstream.codec.MessageStream;
import io.millstream.policy.RetryPolicy;
import io.millstream.test.TestMillstream;
import io.millstream.worker.ExceptionText;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** The snippets of docs/operations.md. */
class OperationsTest {
  private final MessageStream<String> orders = MessageStream.string("order:events");

  @Test
  void looksRedrivesAndTrims() {
    try (TestMillstream millstream = TestMillstream.create()) {
      // snippet-start: exception-text
      Pattern cardNumber = Pattern.compile("\\d{12,19}");
      millstream
          .worker(orders, "order-workers")
          .retry(RetryPolicy.none())
          .exceptionText(ExceptionText.redacted(cardNumber)) // or ExceptionText.NONE
          .handle(message -> Mono.error(new IllegalStateException("refused: 4111111111111111")))
          .start();
      // snippet-end
      millstream.publish(orders, "order 7");
      millstream.advance(Duration.ofSeconds(1));

      // snippet-start: look
      StreamAdmin admin = millstream.admin();

      List<GroupStatus> groups = admin.groups(orders).collectList().block();
      List<DeadLetter> letters =
          admin.deadLetters(orders, "order-workers").take(100).collectList().block();
      // snippet-end
      assertThat(groups).extracting(GroupStatus::deadLetters).containsExactly(1L);
      assertThat(letters).hasSize(1).allMatch(letter -> letter.reasonHas("refused: ***"));

      // snippet-start: redrive
      Redrive refused = Redrive.all().where(letter -> letter.reasonHas("refused"));

      RedriveProgress would = admin.redrive(orders, "order-workers", refused.dryRun()).blockLast();
      RedriveProgress done = admin.redrive(orders, "order-workers", refused.rate(50)).blockLast();
      // snippet-end
      assertThat(done).isEqualTo(would);

      // snippet-start: trim
      TrimProgress trimmed =
          admin
              .trim(orders, TrimLimit.age(Duration.ofDays(7)).ignoring("nobody-reads-this"))
              .blockLast();
      admin.trimDeadLetters(orders, "order-workers", TrimLimit.length(10_000)).blockLast();
      admin.removeGoneConsumers(orders, "order-workers", Duration.ofHours(24)).block();
      // snippet-end
      assertThat(trimmed).isEqualTo(new TrimProgress(0, 1, null));
    }
  }
}
