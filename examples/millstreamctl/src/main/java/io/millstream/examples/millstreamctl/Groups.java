package io.millstream.examples.millstreamctl;

import io.millstream.admin.GroupStatus;
import io.millstream.codec.MessageStream;
import io.millstream.engine.PendingEntry;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** How the groups of a stream stand. */
@Command(
    name = "groups",
    mixinStandardHelpOptions = true,
    description = "Shows how the groups of a stream stand.")
final class Groups implements Callable<Integer> {
  @Mixin private final Session session;

  @Parameters(paramLabel = "STREAM", description = "The stream's key.")
  private String stream = "";

  Groups(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    return session.with(
        admin -> {
          List<GroupStatus> groups =
              admin.groups(MessageStream.bytes(stream)).collectList().blockOptional().orElseThrow();
          if (groups.isEmpty()) {
            return session.notFound("no groups of '" + stream + "'");
          }
          Table table =
              new Table(
                  session,
                  "group",
                  "consumers",
                  "lag",
                  "pending",
                  "oldestPending",
                  "oldestIdle",
                  "deadLetters");
          groups.forEach(group -> add(table, group));
          table.print();
          return Exit.DONE;
        });
  }

  private static void add(Table table, GroupStatus group) {
    PendingEntry oldest = group.oldestPending();
    table.row(
        Arrays.<@Nullable Object>asList(
            group.name(),
            group.consumers(),
            group.lag(),
            group.pending(),
            oldest == null ? null : oldest.id().toString(),
            oldest == null ? null : oldest.idle().toMillis(),
            group.deadLetters()),
        List.of(
            Texts.printable(group.name()),
            Long.toString(group.consumers()),
            group.lag() == null ? "?" : group.lag().toString(),
            Long.toString(group.pending()),
            oldest == null ? "-" : oldest.id().toString(),
            oldest == null ? "-" : Times.show(oldest.idle()),
            Long.toString(group.deadLetters())));
  }
}
