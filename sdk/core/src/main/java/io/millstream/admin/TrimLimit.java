package io.millstream.admin;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a trim is to leave. Immutable.
 *
 * @since 0.1
 */
public final class TrimLimit {
  private final @Nullable Long length;
  private final @Nullable Duration age;
  private final Set<String> ignored;

  private TrimLimit(@Nullable Long length, @Nullable Duration age, Set<String> ignored) {
    this.length = length;
    this.age = age;
    this.ignored = ignored;
  }

  /**
   * The newest so many entries.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public static TrimLimit length(long entries) {
    if (entries < 0) {
      throw new IllegalArgumentException("length: " + entries + ", allowed: 0 or more");
    }
    return new TrimLimit(entries, null, Set.of());
  }

  /**
   * What is not older than this, by the server's clock and the time in the ids.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public static TrimLimit age(Duration age) {
    if (age.isNegative()) {
      throw new IllegalArgumentException("age: " + age + ", allowed: zero or more");
    }
    return new TrimLimit(null, age, Set.of());
  }

  /**
   * Does not ask these groups: <b>what they have not read, or have pending, may go too</b>. For
   * groups that nobody reads any more.
   */
  public TrimLimit ignoring(String... groups) {
    Set<String> all = new LinkedHashSet<>(ignored);
    all.addAll(List.of(groups));
    return new TrimLimit(length, age, Set.copyOf(all));
  }

  @Nullable Long maxLength() {
    return length;
  }

  @Nullable Duration maxAge() {
    return age;
  }

  Set<String> ignored() {
    return ignored;
  }
}
