package io.millstream.examples.millstreamctl;

import io.millstream.admin.DeadLetter;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The dead letters of a group. */
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    description = "Lists dead letters, oldest first; without a choice all.")
final class DeadList implements Callable<Integer> {
  @Mixin private final Session session;
  @Mixin private final OfGroup of = new OfGroup();
  @Mixin private final Chosen chosen = new Chosen();

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "100",
      description = "At most so many, ${DEFAULT-VALUE} by default.")
  private long limit;

  DeadList(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    return session.with(
        admin -> {
          Table table =
              new Table(
                  session,
                  "id",
                  "time",
                  "message",
                  "deliveries",
                  "consumer",
                  "reason",
                  "exception");
          admin
              .deadLetters(of.stream(), of.group())
              .filter(letter -> chosen.ids().isEmpty() || chosen.ids().contains(letter.id()))
              .filter(chosen.filter())
              .take(limit)
              .toIterable()
              .forEach(letter -> add(table, letter));
          table.print();
          return Exit.DONE;
        });
  }

  private static void add(Table table, DeadLetter letter) {
    DeadLetter.Story story = letter.story();
    if (story == null) {
      table.row(
          Arrays.<@Nullable Object>asList(
              letter.id().toString(), null, null, null, null, null, null),
          List.of(letter.id().toString(), "-", "-", "-", "-", "no story", "-"));
      return;
    }
    String exception = story.exception();
    table.row(
        Arrays.<@Nullable Object>asList(
            letter.id().toString(),
            story.time().toString(),
            story.id().toString(),
            story.deliveries(),
            story.consumer(),
            story.reason(),
            exception),
        List.of(
            letter.id().toString(),
            story.time().toString(),
            story.id().toString(),
            Long.toString(story.deliveries()),
            Texts.printable(story.consumer()),
            Texts.printable(story.reason()),
            exception == null ? "-" : Texts.printable(exception)));
  }
}
