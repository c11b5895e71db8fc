package io.millstream.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.millstream.entry.EntryId;
import io.millstream.entry.Fields;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DeadLetterStoryTest {
  private static Fields story(String reason, @Nullable Throwable failure) {
    return new DeadLetterStory(
            "order:events",
            EntryId.parse("5-1"),
            "order-workers",
            "worker-1",
            5,
            Instant.parse("2026-01-02T03:04:05.678Z"),
            reason,
            failure)
        .fields();
  }

  @Test
  void tellsEverythingInHeaderFields() {
    assertThat(story("deliveries spent", new IllegalStateException("no such account")))
        .isEqualTo(
            Fields.of(
                "@millstream-stream", "order:events",
                "@millstream-id", "5-1",
                "@millstream-group", "order-workers",
                "@millstream-consumer", "worker-1",
                "@millstream-deliveries", "5",
                "@millstream-time", "2026-01-02T03:04:05.678Z",
                "@millstream-reason", "deliveries spent",
                "@millstream-exception", "java.lang.IllegalStateException",
                "@millstream-message", "no such account"));
  }

  @Test
  void leavesOutWhatIsNotKnown() {
    Fields withoutFailure = story("spent", null);
    assertThat(withoutFailure.text(DeadLetterStory.EXCEPTION)).isNull();
    assertThat(withoutFailure.text(DeadLetterStory.MESSAGE)).isNull();

    Fields withoutMessage = story("spent", new IllegalStateException());
    assertThat(withoutMessage.text(DeadLetterStory.EXCEPTION)).isNotNull();
    assertThat(withoutMessage.text(DeadLetterStory.MESSAGE)).isNull();
  }

  @Test
  void cutsLongTextsBetweenCharacters() {
    String long1 = "x".repeat(1_023) + "\uD83D\uDE00" + "y".repeat(5_000);

    Fields fields = story("r".repeat(2_000), new IllegalStateException(long1));

    assertThat(fields.text(DeadLetterStory.REASON)).isEqualTo("r".repeat(1_024));
    assertThat(fields.text(DeadLetterStory.MESSAGE)).isEqualTo("x".repeat(1_023));
  }

  @Test
  void survivesAnExceptionWhoseMessageCannotBeHad() {
    RuntimeException nasty =
        new RuntimeException() {
          private static final long serialVersionUID = 1;

          @Override
          public String getMessage() {
            throw new IllegalStateException("no message");
          }
        };

    assertThat(story("spent", nasty).text(DeadLetterStory.MESSAGE)).isNull();
  }
}
