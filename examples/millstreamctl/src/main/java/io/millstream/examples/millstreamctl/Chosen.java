package io.millstream.examples.millstreamctl;

import io.millstream.admin.DeadLetter;
import io.millstream.entry.EntryId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which dead letters a command is about. */
final class Chosen {
  @Option(
      names = "--id",
      paramLabel = "ID",
      arity = "1..*",
      description = "These, by their ids among the dead letters.")
  private List<EntryId> ids = new ArrayList<>();

  @Option(names = "--all", description = "All that are there.")
  private boolean all;

  @Option(
      names = "--exception",
      paramLabel = "TEXT",
      description = "Those whose exception's class has this in its name.")
  private @Nullable String exception;

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      description = "Those whose reason or exception's message has this in it.")
  private @Nullable String reason;

  @Option(
      names = "--since",
      paramLabel = "TIME",
      description = "Given up at this time or later (ISO 8601).")
  private @Nullable Instant since;

  @Option(
      names = "--until",
      paramLabel = "TIME",
      description = "Given up before this time (ISO 8601).")
  private @Nullable Instant until;

  List<EntryId> ids() {
    return ids;
  }

  /** Whether it says anything at all: nothing said is not "all". */
  boolean said() {
    return all || !ids.isEmpty() || filtered();
  }

  boolean filtered() {
    return exception != null || reason != null || since != null || until != null;
  }

  /** What a letter must be like, its id apart. */
  Predicate<DeadLetter> filter() {
    return letter ->
        (exception == null || letter.exceptionHas(exception))
            && (reason == null || letter.reasonHas(reason))
            && ((since == null && until == null) || within(letter.story()));
  }

  private boolean within(DeadLetter.@Nullable Story story) {
    return story != null
        && (since == null || !story.time().isBefore(since))
        && (until == null || story.time().isBefore(until));
  }
}
