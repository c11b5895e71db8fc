package io.millstream.examples.millstreamctl;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millstream.admin.DeadLetter;
import io.millstream.entry.EntryId;
import io.millstream.entry.Fields;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** One dead letter, with all that is in it. */
@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    description = "Shows one dead letter with its story and its payload.")
final class DeadShow implements Callable<Integer> {
  @Mixin private final Session session;
  @Mixin private final OfGroup of = new OfGroup();

  @Parameters(index = "2", paramLabel = "ID", description = "Its id among the dead letters.")
  private EntryId id = EntryId.MIN;

  DeadShow(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    return session.with(
        admin -> {
          DeadLetter letter = admin.deadLetter(of.stream(), of.group(), id).block();
          if (letter == null) {
            return session.notFound("no dead letter " + id);
          }
          Map<String, @Nullable Object> story = story(letter);
          if (session.json()) {
            story.put("fields", Texts.pairs(letter.original()));
            session.object(story);
          } else {
            story.forEach((name, value) -> line(name, String.valueOf(value)));
            Fields fields = letter.original();
            for (int i = 0; i < fields.size(); i++) {
              line("> " + Texts.printable(fields.nameBytes(i)), new String(fields.value(i), UTF_8));
            }
          }
          return Exit.DONE;
        });
  }

  private void line(String name, String value) {
    session.say(String.format("%-12s %s", name, Texts.printable(value)));
  }

  private static Map<String, @Nullable Object> story(DeadLetter letter) {
    Map<String, @Nullable Object> told = new LinkedHashMap<>();
    told.put("id", letter.id().toString());
    DeadLetter.Story story = letter.story();
    if (story != null) {
      told.put("stream", story.stream());
      told.put("message", story.id().toString());
      told.put("group", story.group());
      told.put("consumer", story.consumer());
      told.put("deliveries", story.deliveries());
      told.put("time", story.time().toString());
      told.put("reason", story.reason());
      told.put("exception", story.exception());
      told.put("text", story.message());
    }
    return told;
  }
}
