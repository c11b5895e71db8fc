package io.millstream.examples.millstreamctl;

import io.millstream.Millstream;
import io.millstream.admin.StreamAdmin;
import io.millstream.engine.RedisException;
import java.io.PrintWriter;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** What all commands share: the server, and how to say things. */
final class Session {
  private static final JsonMapper JSON = new JsonMapper();

  private final Function<String, Millstream> connect;
  private final PrintWriter out;
  private final PrintWriter err;

  @Option(
      names = "--redis",
      paramLabel = "URI",
      defaultValue = "${env:MILLSTREAM_REDIS:-redis://localhost:6379}",
      showDefaultValue = CommandLine.Help.Visibility.NEVER,
      description =
          "The server: redis[s]://[[USER:]PASSWORD@]HOST[:PORT][/DATABASE]. Default: the variable"
              + " MILLSTREAM_REDIS, or redis://localhost:6379.")
  private String uri = "";

  @Option(names = "--json", description = "One JSON object a line, for scripts.")
  private boolean json;

  Session(Function<String, Millstream> connect, PrintWriter out, PrintWriter err) {
    this.connect = connect;
    this.out = out;
    this.err = err;
  }

  /** Does something on the server. */
  int with(ToIntFunction<StreamAdmin> deed) {
    try (Millstream millstream = connect.apply(uri)) {
      return deed.applyAsInt(millstream.admin());
    } finally {
      out.flush();
      err.flush();
    }
  }

  boolean json() {
    return json;
  }

  PrintWriter err() {
    return err;
  }

  /** A line for people. */
  void say(String line) {
    out.println(line);
  }

  void flush() {
    out.flush();
  }

  /** A line for scripts. */
  void object(Map<String, ? extends @Nullable Object> object) {
    out.println(JSON.writeValueAsString(object));
    out.flush();
  }

  int notFound(String what) {
    err.println(what);
    return Exit.NOT_FOUND;
  }

  /** The message alone: neither the URI, which may have a password, nor a stack trace. */
  int failed(Exception failure) {
    int status = Exit.REFUSED;
    if (failure instanceof IllegalArgumentException) {
      status = CommandLine.ExitCode.USAGE;
      err.println(failure.getMessage());
    } else if (failure instanceof RedisException redis && redis.is("NOGROUP")) {
      status = notFound("no such stream or group");
    } else {
      err.println("millstreamctl: " + failure.getMessage());
    }
    err.flush();
    return status;
  }
}
