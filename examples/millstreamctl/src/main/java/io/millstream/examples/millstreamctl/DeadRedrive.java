package io.millstream.examples.millstreamctl;

import io.millstream.admin.Redrive;
import io.millstream.admin.RedriveProgress;
import io.millstream.admin.StreamAdmin;
import io.millstream.engine.AdminSteps.Redriven;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Brings dead letters back to their group. */
@Command(
    name = "redrive",
    mixinStandardHelpOptions = true,
    description = {
      "Brings dead letters back to the group that gave them up, and to no other.",
      "What was trimmed meanwhile is added again: Millstream's workers of other groups skip it,"
          + " other programs that read the stream see it again."
    })
final class DeadRedrive implements Callable<Integer> {
  @Mixin private final Session session;
  @Mixin private final OfGroup of = new OfGroup();
  @Mixin private final Chosen chosen = new Chosen();

  @Option(names = "--dry-run", description = "Tells only what would become of each.")
  private boolean dryRun;

  @Option(names = "--rate", paramLabel = "N", description = "So many a second.")
  private @Nullable Double rate;

  @Option(names = "--at-most", paramLabel = "N", description = "Not more than so many.")
  private @Nullable Long atMost;

  @Option(names = "--progress", description = "Draws a bar even if this is no terminal.")
  private boolean progress;

  DeadRedrive(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    if (!chosen.said()) {
      session.err().println("which? --all, --id, --exception, --reason, --since or --until");
      session.err().flush();
      return CommandLine.ExitCode.USAGE;
    }
    return session.with(this::redrive);
  }

  private int redrive(StreamAdmin admin) {
    Bar bar = new Bar(session.err(), progress || Bar.wanted(session));
    RedriveProgress last = null;
    for (RedriveProgress now : admin.redrive(of.stream(), of.group(), asked()).toIterable(1)) {
      bar.draw(now.done(), now.letters(), dryRun ? "looked at" : "redriven");
      last = now;
    }
    bar.end();
    RedriveProgress result = last == null ? new RedriveProgress(0, Map.of()) : last;
    tell(result);
    if (!chosen.ids().isEmpty() && result.count(Redriven.ABSENT) == result.done()) {
      return session.notFound("no such dead letter");
    }
    return result.left() > 0 ? Exit.PARTLY : Exit.DONE;
  }

  private Redrive asked() {
    Redrive redrive = chosen.ids().isEmpty() ? Redrive.all() : Redrive.of(chosen.ids());
    if (chosen.filtered()) {
      redrive = redrive.where(chosen.filter());
    }
    if (rate != null) {
      redrive = redrive.rate(rate);
    }
    if (atMost != null) {
      redrive = redrive.atMost(atMost);
    }
    return dryRun ? redrive.dryRun() : redrive;
  }

  private void tell(RedriveProgress result) {
    if (session.json()) {
      Map<String, Object> object = new LinkedHashMap<>();
      object.put("dryRun", dryRun);
      object.put("done", result.done());
      for (Redriven fate : Redriven.values()) {
        object.put(fate.name(), result.count(fate));
      }
      session.object(object);
      return;
    }
    session.say((dryRun ? "would redrive " : "redrove ") + result.runnable());
    result
        .counts()
        .forEach(
            (fate, count) ->
                session.say(
                    String.format(
                        "  %-10s %d",
                        fate.name().toLowerCase(Locale.ROOT).replace('_', ' '), count)));
  }
}
