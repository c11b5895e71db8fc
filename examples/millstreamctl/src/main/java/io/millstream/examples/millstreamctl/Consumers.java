package io.millstream.examples.millstreamctl;

import io.millstream.admin.StreamAdmin;
import io.millstream.engine.ConsumerInfo;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The consumers of a group. */
@Command(
    name = "consumers",
    mixinStandardHelpOptions = true,
    description = "Shows the consumers of a group, or removes those that are gone.")
final class Consumers implements Callable<Integer> {
  @Mixin private final Session session;
  @Mixin private final OfGroup of = new OfGroup();

  @Option(
      names = "--remove-idle",
      paramLabel = "TIME",
      description =
          "Removes those that have tried nothing for so long (at least 2m) and have nothing"
              + " pending.")
  private @Nullable Duration removeIdle;

  Consumers(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    Duration idle = removeIdle;
    return session.with(admin -> idle == null ? list(admin) : remove(admin, idle));
  }

  private int list(StreamAdmin admin) {
    Table table = new Table(session, "consumer", "pending", "idle", "inactive");
    admin.consumers(of.stream(), of.group()).toIterable().forEach(consumer -> add(table, consumer));
    table.print();
    return Exit.DONE;
  }

  private static void add(Table table, ConsumerInfo consumer) {
    Duration inactive = consumer.inactive();
    table.row(
        Arrays.<@Nullable Object>asList(
            consumer.name(),
            consumer.pending(),
            consumer.idle().toMillis(),
            inactive == null ? null : inactive.toMillis()),
        List.of(
            Texts.printable(consumer.name()),
            Long.toString(consumer.pending()),
            Times.show(consumer.idle()),
            inactive == null ? "-" : Times.show(inactive)));
  }

  private int remove(StreamAdmin admin, Duration idle) {
    Table table = new Table(session, "removed");
    Objects.requireNonNull(admin.removeGoneConsumers(of.stream(), of.group(), idle).block())
        .forEach(name -> table.row(List.of(name), List.of(Texts.printable(name))));
    table.print();
    return Exit.DONE;
  }
}
