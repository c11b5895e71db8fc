package io.millstream.examples.millstreamctl;

import io.millstream.codec.MessageStream;
import io.millstream.entry.Entry;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import reactor.core.publisher.Flux;

/** The end of a stream. */
@Command(
    name = "tail",
    mixinStandardHelpOptions = true,
    description = "Shows the last entries of a stream; takes nothing away from any group.")
final class Tail implements Callable<Integer> {
  private static final Duration EVERY = Duration.ofMillis(500);

  @Mixin private final Session session;

  @Parameters(paramLabel = "STREAM", description = "The stream's key.")
  private String stream = "";

  @Option(
      names = {"-n", "--last"},
      paramLabel = "N",
      defaultValue = "10",
      description = "So many of those that are there, ${DEFAULT-VALUE} by default.")
  private int last;

  @Option(
      names = {"-f", "--follow"},
      description = "Goes on with each new one until it is interrupted.")
  private boolean follow;

  @Option(names = "--stop-after", paramLabel = "N", description = "Ends once so many were shown.")
  private @Nullable Integer stopAfter;

  Tail(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    return session.with(
        admin -> {
          MessageStream<byte[]> key = MessageStream.bytes(stream);
          Flux<Entry> entries = follow ? admin.tail(key, last, EVERY) : admin.latest(key, last);
          (stopAfter == null ? entries : entries.take(stopAfter)).toIterable(1).forEach(this::show);
          return Exit.DONE;
        });
  }

  private void show(Entry entry) {
    if (session.json()) {
      Map<String, Object> object = new LinkedHashMap<>();
      object.put("id", entry.id().toString());
      object.put("fields", Texts.pairs(entry.fields()));
      session.object(object);
    } else {
      session.say(entry.id() + " " + Texts.oneLine(entry.fields()));
      session.flush();
    }
  }
}
