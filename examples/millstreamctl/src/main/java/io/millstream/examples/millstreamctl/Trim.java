package io.millstream.examples.millstreamctl;

import io.millstream.admin.StreamAdmin;
import io.millstream.admin.TrimLimit;
import io.millstream.admin.TrimProgress;
import io.millstream.codec.MessageStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import reactor.core.publisher.Flux;

/** Trims a stream without losing what a group needs. */
@Command(
    name = "trim",
    mixinStandardHelpOptions = true,
    description =
        "Trims a stream from the oldest on, but nothing that a group has not read or has pending.")
final class Trim implements Callable<Integer> {
  /** How much is to be left: one of these. */
  static final class Limit {
    @Option(names = "--length", paramLabel = "N", description = "Keeps the newest so many.")
    private @Nullable Long length;

    @Option(names = "--age", paramLabel = "TIME", description = "Keeps what is not older: 12h, 7d.")
    private @Nullable Duration age;

    TrimLimit limit() {
      return length != null
          ? TrimLimit.length(length)
          : TrimLimit.age(java.util.Objects.requireNonNull(age));
    }
  }

  @Mixin private final Session session;

  @Parameters(paramLabel = "STREAM", description = "The stream's key.")
  private String stream = "";

  @ArgGroup(multiplicity = "1")
  private Limit limit = new Limit();

  @Option(
      names = "--ignore",
      paramLabel = "GROUP",
      description = "Does not ask this group: what it has not read may go. May be given again.")
  private List<String> ignored = new ArrayList<>();

  @Option(
      names = "--dead-letters-of",
      paramLabel = "GROUP",
      description = "Trims the dead letters of this group instead: the oldest are lost for good.")
  private @Nullable String deadLettersOf;

  @Option(names = "--progress", description = "Draws a bar even if this is no terminal.")
  private boolean progress;

  Trim(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    return session.with(this::trim);
  }

  private int trim(StreamAdmin admin) {
    Bar bar = new Bar(session.err(), progress || Bar.wanted(session));
    TrimProgress last = new TrimProgress(0, 0, null);
    for (TrimProgress now : rounds(admin).toIterable(1)) {
      bar.draw(now.removed(), now.removed() + now.left(), "removed");
      last = now;
    }
    bar.end();
    tell(last);
    return last.heldBackBy() == null ? Exit.DONE : Exit.PARTLY;
  }

  private Flux<TrimProgress> rounds(StreamAdmin admin) {
    TrimLimit asked = limit.limit().ignoring(ignored.toArray(new String[0]));
    MessageStream<byte[]> key = MessageStream.bytes(stream);
    return deadLettersOf == null
        ? admin.trim(key, asked)
        : admin.trimDeadLetters(key, deadLettersOf, asked);
  }

  private void tell(TrimProgress result) {
    if (session.json()) {
      Map<String, @Nullable Object> object = new LinkedHashMap<>();
      object.put("removed", result.removed());
      object.put("left", result.left());
      object.put("heldBackBy", result.heldBackBy());
      session.object(object);
      return;
    }
    session.say("removed " + result.removed() + ", left " + result.left());
    if (result.heldBackBy() != null) {
      session.say("held back by group " + Texts.printable(result.heldBackBy()));
    }
  }
}
