package io.millstream.test.redis;

import io.millstream.engine.memory.InMemoryServer;
import io.millstream.test.redis.Command.Flags;
import io.millstream.test.redis.Command.Keys;
import java.time.Instant;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** FLUSHALL, FLUSHDB, DBSIZE, SWAPDB, TIME, WAIT, FUNCTION FLUSH and COMMAND. */
final class ServerCommands {
  private final InMemoryServer server;
  private final CommandTable table;

  ServerCommands(InMemoryServer server, CommandTable table) {
    this.server = server;
    this.table = table;
  }

  void addTo(CommandTable into) {
    into.add("flushall", -1, Flags.WRITE, this::flushAll)
        .add("flushdb", -1, Flags.WRITE, ServerCommands::flushDatabase)
        .add("dbsize", 1, Flags.READ, ServerCommands::size)
        .add("swapdb", 3, Flags.WRITE, this::swap)
        .add("time", 1, Flags.CONNECTION, this::time)
        .add("wait", 3, Flags.CONNECTION, ServerCommands::replicas)
        .add("function|flush", -2, Flags.CONNECTION, (client, request) -> Reply.OK)
        .add("command|count", 2, Flags.CONNECTION, this::count)
        .add("command|list", 2, Flags.CONNECTION, this::list)
        .add("command|docs", -2, Flags.CONNECTION, ServerCommands::docs)
        .add("command|info", -2, Flags.CONNECTION, this::infos)
        .add("command", 1, Flags.CONNECTION, this::infos);
  }

  private Reply flushAll(Client client, Request request) {
    checkFlush(request);
    server.flushAll();
    return Reply.OK;
  }

  private static Reply flushDatabase(Client client, Request request) {
    checkFlush(request);
    client.database().keys().clear();
    return Reply.OK;
  }

  private static void checkFlush(Request request) {
    if (request.size() > 2
        || (request.size() == 2 && !request.is(1, "SYNC") && !request.is(1, "ASYNC"))) {
      throw Failures.syntax();
    }
  }

  private static Reply size(Client client, Request request) {
    return Reply.whole(client.database().keys().size());
  }

  private Reply swap(Client client, Request request) {
    server.swap(index(request, 1, "first"), index(request, 2, "second"));
    return Reply.OK;
  }

  private static int index(Request request, int i, String which) {
    long index = request.number(i, "invalid " + which + " DB index");
    return (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, index));
  }

  private Reply time(Client client, Request request) {
    return new Reply.Array(time(server.time()));
  }

  /** Seconds, and the microseconds within. */
  static List<Reply> time(Instant now) {
    return List.of(
        Reply.bulk(Long.toString(now.getEpochSecond())),
        Reply.bulk(Integer.toString(now.get(ChronoField.MICRO_OF_SECOND))));
  }

  /** There are no replicas to wait for. */
  private static Reply replicas(Client client, Request request) {
    request.number(1);
    Timeouts.millis(request, 2);
    return Reply.whole(0);
  }

  private Reply count(Client client, Request request) {
    return Reply.whole(table.all().size());
  }

  private Reply list(Client client, Request request) {
    return Reply.bulks(table.all().stream().map(Command::name).toList());
  }

  /** What a command is for, Redis's own documentation says. */
  private static Reply docs(Client client, Request request) {
    return new Reply.Dictionary(List.of());
  }

  private Reply infos(Client client, Request request) {
    if (request.size() < 3) {
      return array(table.all().stream(), ServerCommands::info);
    }
    return array(request.texts(2).stream(), name -> info(table.get(name.toLowerCase(Locale.ROOT))));
  }

  private static Reply info(@Nullable Command command) {
    if (command == null) {
      return Reply.NIL_ARRAY;
    }
    Keys keys = command.keys();
    return Reply.array(
        Reply.bulk(command.name()),
        Reply.whole(command.arity()),
        new Reply.Unordered(command.flags().words().stream().map(Reply.Simple::new).toList()),
        Reply.whole(keys.first()),
        Reply.whole(keys.last()),
        Reply.whole(keys.step()),
        Reply.EMPTY,
        Reply.EMPTY,
        Reply.EMPTY,
        Reply.EMPTY);
  }

  private static <T> Reply array(Stream<T> all, Function<T, Reply> reply) {
    return new Reply.Array(all.map(reply).toList());
  }
}
