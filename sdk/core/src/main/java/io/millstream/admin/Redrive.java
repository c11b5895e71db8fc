package io.millstream.admin;

import io.millstream.entry.EntryId;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which dead letters go back to their group, and how fast. Immutable.
 *
 * <pre>{@code
 * Redrive.all().where(letter -> letter.exceptionHas("Timeout")).rate(50)
 * }</pre>
 *
 * @since 0.1
 */
public final class Redrive {
  /** What is chosen if nothing is said. */
  private static final Redrive ALL = new Redrive(null, letter -> true, Long.MAX_VALUE, null, false);

  private final @Nullable List<EntryId> ids;
  private final Predicate<DeadLetter> filter;
  private final long atMost;
  private final @Nullable Double perSecond;
  private final boolean dryRun;

  private Redrive(
      @Nullable List<EntryId> ids,
      Predicate<DeadLetter> filter,
      long atMost,
      @Nullable Double perSecond,
      boolean dryRun) {
    this.ids = ids;
    this.filter = filter;
    this.atMost = atMost;
    this.perSecond = perSecond;
    this.dryRun = dryRun;
  }

  /**
   * All that are there when it begins, oldest first. What is given up again meanwhile is not among
   * them.
   */
  public static Redrive all() {
    return ALL;
  }

  /** These, in the order given, by their ids in the dead-letter stream. */
  public static Redrive of(Collection<EntryId> letters) {
    return new Redrive(
        List.copyOf(new LinkedHashSet<>(letters)), ALL.filter, ALL.atMost, null, false);
  }

  /** This one, by its id in the dead-letter stream. */
  public static Redrive of(EntryId letter) {
    return of(List.of(letter));
  }

  /** Of these only those that fulfil the condition, besides conditions given before. */
  public Redrive where(Predicate<DeadLetter> condition) {
    return new Redrive(ids, filter.and(condition), atMost, perSecond, dryRun);
  }

  /**
   * Not more than so many. Default: no limit.
   *
   * @throws IllegalArgumentException if {@code letters} is less than 1
   */
  public Redrive atMost(long letters) {
    if (letters < 1) {
      throw new IllegalArgumentException("atMost: " + letters + ", allowed: 1 or more");
    }
    return new Redrive(ids, filter, letters, perSecond, dryRun);
  }

  /**
   * So many letters a second, for the sake of what the handlers call. Default: as fast as it goes.
   *
   * @throws IllegalArgumentException if it is not more than zero
   */
  public Redrive rate(double lettersPerSecond) {
    if (!(lettersPerSecond > 0 && Double.isFinite(lettersPerSecond))) {
      throw new IllegalArgumentException(
          "rate: " + lettersPerSecond + ", allowed: more than 0 letters a second");
    }
    return new Redrive(ids, filter, atMost, lettersPerSecond, dryRun);
  }

  /** Changes nothing, and tells what would become of each. Default: no. */
  public Redrive dryRun() {
    return new Redrive(ids, filter, atMost, perSecond, true);
  }

  @Nullable List<EntryId> ids() {
    return ids;
  }

  Predicate<DeadLetter> filter() {
    return filter;
  }

  boolean isFiltered() {
    return filter != ALL.filter;
  }

  long limit() {
    return atMost;
  }

  @Nullable Double perSecond() {
    return perSecond;
  }

  boolean isDryRun() {
    return dryRun;
  }
}
