package io.millstream.examples.millstreamctl;

import io.millstream.admin.EntryStory;
import io.millstream.admin.EntryStory.InGroup;
import io.millstream.codec.MessageStream;
import io.millstream.engine.PendingEntry;
import io.millstream.entry.EntryId;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** What Redis knows of one message. */
@Command(
    name = "story",
    mixinStandardHelpOptions = true,
    description = "Shows how one message stands with each group.")
final class Story implements Callable<Integer> {
  @Mixin private final Session session;

  @Parameters(index = "0", paramLabel = "STREAM", description = "The stream's key.")
  private String stream = "";

  @Parameters(index = "1", paramLabel = "ID", description = "The message's id.")
  private EntryId id = EntryId.MIN;

  Story(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    return session.with(
        admin -> {
          EntryStory story =
              Objects.requireNonNull(admin.story(MessageStream.bytes(stream), id).block());
          boolean known =
              story.groups().stream()
                  .anyMatch(group -> group.pending() != null || !group.deadLetters().isEmpty());
          if (story.entry() == null && !known) {
            return session.notFound("nothing is known of " + id);
          }
          if (story.entry() != null && !session.json()) {
            session.say(Texts.oneLine(story.entry().fields()));
          }
          Table table =
              new Table(session, "group", "state", "consumer", "idle", "deliveries", "deadLetters");
          story.groups().forEach(group -> add(table, group));
          table.print();
          return Exit.DONE;
        });
  }

  private static void add(Table table, InGroup group) {
    PendingEntry row = group.pending();
    List<String> letters =
        group.deadLetters().stream().map(letter -> letter.id().toString()).toList();
    table.row(
        Arrays.<@Nullable Object>asList(
            group.group(),
            group.state().name(),
            row == null ? null : row.consumer(),
            row == null ? null : row.idle().toMillis(),
            row == null ? null : row.deliveries(),
            letters),
        List.of(
            Texts.printable(group.group()),
            group.state().name().toLowerCase(java.util.Locale.ROOT),
            row == null ? "-" : Texts.printable(row.consumer()),
            row == null ? "-" : Times.show(row.idle()),
            row == null ? "-" : Long.toString(row.deliveries()),
            letters.isEmpty() ? "-" : String.join(" ", letters)));
  }
}
