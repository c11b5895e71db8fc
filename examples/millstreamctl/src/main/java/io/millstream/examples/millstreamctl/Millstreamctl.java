package io.millstream.examples.millstreamctl;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millstream.Millstream;
import io.millstream.entry.EntryId;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Looks at groups and dead letters on a Redis server, and keeps streams in order. */
@Command(
    name = "millstreamctl",
    mixinStandardHelpOptions = true,
    version = "millstreamctl 0.1.0",
    description = "Looks at consumer groups and dead letters, and keeps streams in order.",
    synopsisSubcommandLabel = "COMMAND",
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      " 0:done",
      " 1:Redis could not be reached, or refused",
      " 2:the command line is wrong",
      " 3:there is no such stream, group or dead letter",
      " 4:done as far as it goes: something was held back, or could not be redriven"
    })
final class Millstreamctl {
  private Millstreamctl() {}

  public static void main(String[] args) {
    PrintWriter out = new PrintWriter(System.out, false, UTF_8);
    PrintWriter err = new PrintWriter(System.err, false, UTF_8);
    CommandLine line = create(Millstream::connect, out, err);
    System.exit(line.execute(args));
  }

  /** The whole command line, on whatever connects. */
  static CommandLine create(
      Function<String, Millstream> connect, PrintWriter out, PrintWriter err) {
    Session session = new Session(connect, out, err);
    CommandLine dead =
        new CommandLine(new Dead())
            .addSubcommand(new DeadList(session))
            .addSubcommand(new DeadShow(session))
            .addSubcommand(new DeadRedrive(session))
            .addSubcommand(new DeadDelete(session));
    return new CommandLine(new Millstreamctl())
        .addSubcommand(new Groups(session))
        .addSubcommand(new Consumers(session))
        .addSubcommand(new Pending(session))
        .addSubcommand(new Story(session))
        .addSubcommand(dead)
        .addSubcommand(new Trim(session))
        .addSubcommand(new Tail(session))
        .setOut(out)
        .setErr(err)
        .registerConverter(Duration.class, Times::parse)
        .registerConverter(EntryId.class, EntryId::parse)
        .setExecutionExceptionHandler((failure, line, parsed) -> session.failed(failure));
  }

  /** What has the commands of dead letters. */
  @Command(
      name = "dead",
      mixinStandardHelpOptions = true,
      synopsisSubcommandLabel = "COMMAND",
      description = "Lists, shows, redrives and deletes the dead letters of a group.")
  static final class Dead {}
}
