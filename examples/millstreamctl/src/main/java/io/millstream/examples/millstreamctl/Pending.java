package io.millstream.examples.millstreamctl;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What is pending. */
@Command(
    name = "pending",
    mixinStandardHelpOptions = true,
    description = "Shows what was delivered and is not acknowledged: by whom, for how long.")
final class Pending implements Callable<Integer> {
  @Mixin private final Session session;
  @Mixin private final OfGroup of = new OfGroup();

  @Option(names = "--idle", paramLabel = "TIME", description = "Only what is idle for so long.")
  private Duration idle = Duration.ZERO;

  @Option(names = "--consumer", paramLabel = "NAME", description = "Only what this one holds.")
  private @Nullable String consumer;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "100",
      description = "At most so many, ${DEFAULT-VALUE} by default.")
  private long limit;

  Pending(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    return session.with(
        admin -> {
          Table table = new Table(session, "id", "consumer", "idle", "deliveries");
          admin
              .pending(of.stream(), of.group(), idle, consumer)
              .take(limit)
              .toIterable()
              .forEach(
                  row ->
                      table.row(
                          List.of(
                              row.id().toString(),
                              row.consumer(),
                              row.idle().toMillis(),
                              row.deliveries()),
                          List.of(
                              row.id().toString(),
                              Texts.printable(row.consumer()),
                              Times.show(row.idle()),
                              Long.toString(row.deliveries()))));
          table.print();
          return Exit.DONE;
        });
  }
}
