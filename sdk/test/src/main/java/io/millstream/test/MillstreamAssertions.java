package io.millstream.test;

/**
 * Where assertions of AssertJ on a {@link TestMillstream} begin. To be imported statically, beside
 * AssertJ's own {@code Assertions.assertThat}:
 *
 * <pre>{@code
 * assertThat(millstream).stream(orders).group("billing").hasNoPending().hasNoDeadLetters();
 * }</pre>
 *
 * <p>AssertJ is the user's to bring; it is tested with 3.27.
 *
 * @since 0.1
 */
public final class MillstreamAssertions {
  private MillstreamAssertions() {}

  /** Begins an assertion. */
  public static MillstreamAssert assertThat(TestMillstream actual) {
    return new MillstreamAssert(actual);
  }

  /** Begins an assertion on a consumer group. */
  public static <T> GroupAssert<T> assertThat(GroupView<T> actual) {
    return new GroupAssert<>(actual);
  }

  /** Begins an assertion on a dead letter. */
  public static <T> DeadLetterAssert<T> assertThat(DeadLetter<T> actual) {
    return new DeadLetterAssert<>(actual);
  }
}
