package io.millstream.examples.millstreamctl;

import io.millstream.admin.DeadLetter;
import io.millstream.admin.StreamAdmin;
import io.millstream.entry.EntryId;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import reactor.core.publisher.Flux;

/** Deletes dead letters for good. */
@Command(
    name = "delete",
    mixinStandardHelpOptions = true,
    description = "Deletes dead letters for good.")
final class DeadDelete implements Callable<Integer> {
  @Mixin private final Session session;
  @Mixin private final OfGroup of = new OfGroup();
  @Mixin private final Chosen chosen = new Chosen();

  @Option(names = "--yes", description = "Means it: needed unless they are named by --id.")
  private boolean yes;

  DeadDelete(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    boolean named = !chosen.ids().isEmpty();
    if (!chosen.said() || (!named && !yes)) {
      session.err().println("which? --id ..., or --yes with --all, --exception, --reason, ...");
      session.err().flush();
      return CommandLine.ExitCode.USAGE;
    }
    return session.with(
        admin -> {
          long deleted =
              Objects.requireNonNull(
                  chosen(admin)
                      .buffer(100)
                      .concatMap(ids -> admin.deleteDeadLetters(of.stream(), of.group(), ids))
                      .reduce(0L, Long::sum)
                      .block());
          if (session.json()) {
            session.object(Map.of("deleted", deleted));
          } else {
            session.say("deleted " + deleted);
          }
          return named && deleted == 0 ? session.notFound("no such dead letter") : Exit.DONE;
        });
  }

  private Flux<EntryId> chosen(StreamAdmin admin) {
    List<EntryId> ids = chosen.ids();
    if (ids.isEmpty()) {
      return admin.deadLetters(of.stream(), of.group()).filter(chosen.filter()).map(DeadLetter::id);
    }
    return Flux.fromIterable(ids)
        .concatMap(id -> admin.deadLetter(of.stream(), of.group(), id))
        .filter(chosen.filter())
        .map(DeadLetter::id);
  }
}
