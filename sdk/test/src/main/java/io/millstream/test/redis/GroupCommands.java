package io.millstream.test.redis;

import io.millstream.engine.CreateArgs;
import io.millstream.engine.PendingArgs;
import io.millstream.engine.PendingEntry;
import io.millstream.engine.PendingSummary;
import io.millstream.engine.RedisException;
import io.millstream.entry.EntryId;
import io.millstream.test.redis.Command.Flags;
import io.millstream.test.redis.Command.Keys;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** XGROUP, XACK and XPENDING. */
final class GroupCommands {
  private static final List<String> HELP =
      List.of(
          "XGROUP <subcommand> [<arg> [value] [opt] ...]. Subcommands are:",
          "CREATE <key> <groupname> <id|$> [option]",
          "    Create a new consumer group. Options are:",
          "    * MKSTREAM",
          "      Create the empty stream if it does not exist.",
          "    * ENTRIESREAD entries_read",
          "      Set the group's entries_read counter (internal use).",
          "CREATECONSUMER <key> <groupname> <consumer>",
          "    Create a new consumer in the specified group.",
          "DELCONSUMER <key> <groupname> <consumer>",
          "    Remove the specified consumer.",
          "DESTROY <key> <groupname>",
          "    Remove the specified group.",
          "SETID <key> <groupname> <id|$> [ENTRIESREAD entries_read]",
          "    Set the current group ID and entries_read counter.",
          "HELP",
          "    Print this help.");

  void addTo(CommandTable table) {
    table
        .add("xgroup|create", -5, Flags.WRITE, Keys.SECOND, GroupCommands::create)
        .add("xgroup|setid", -5, Flags.WRITE, Keys.SECOND, GroupCommands::setId)
        .add("xgroup|destroy", 4, Flags.WRITE, Keys.SECOND, GroupCommands::destroy)
        .add("xgroup|createconsumer", 5, Flags.WRITE, Keys.SECOND, GroupCommands::createConsumer)
        .add("xgroup|delconsumer", 5, Flags.WRITE, Keys.SECOND, GroupCommands::deleteConsumer)
        .add("xgroup|help", 2, Flags.CONNECTION, (client, request) -> Help.of(HELP))
        .add("xack", -4, Flags.WRITE, Keys.FIRST, GroupCommands::ack)
        .add("xpending", -3, Flags.READ, Keys.FIRST, GroupCommands::pending);
  }

  private static io.millstream.engine.GroupCommands groups(Client client) {
    return client.database().engine().groups();
  }

  private static Reply create(Client client, Request request) {
    boolean mkStream = false;
    Long entriesRead = null;
    for (int i = 5; i < request.size(); i++) {
      if (request.is(i, "MKSTREAM")) {
        mkStream = true;
      } else {
        entriesRead = entriesRead(request, i);
        i++;
      }
    }
    CreateArgs args = new CreateArgs(request.text(4), mkStream, entriesRead);
    Now.get(groups(client).create(request.text(2), request.text(3), args));
    return Reply.OK;
  }

  private static Reply setId(Client client, Request request) {
    Long entriesRead = request.size() == 5 ? null : entriesRead(request, 5);
    if (request.size() > 7) {
      throw Failures.subcommandSyntax(request);
    }
    Now.get(groups(client).setId(request.text(2), request.text(3), request.text(4), entriesRead));
    return Reply.OK;
  }

  private static long entriesRead(Request request, int i) {
    if (!request.is(i, "ENTRIESREAD") || i + 1 == request.size()) {
      throw Failures.subcommandSyntax(request);
    }
    long read = request.number(i + 1);
    if (read < -1) {
      throw Failures.err("value for ENTRIESREAD must be positive or -1");
    }
    return read;
  }

  private static Reply destroy(Client client, Request request) {
    return Reply.flag(Now.some(groups(client).destroy(request.text(2), request.text(3))));
  }

  private static Reply createConsumer(Client client, Request request) {
    return Reply.flag(
        Now.some(groups(client).createConsumer(request.text(2), request.text(3), request.text(4))));
  }

  private static Reply deleteConsumer(Client client, Request request) {
    return Reply.whole(
        Now.some(groups(client).deleteConsumer(request.text(2), request.text(3), request.text(4))));
  }

  /** Without a group nothing is looked at, not even the ids. */
  private static Reply ack(Client client, Request request) {
    try {
      groups(client).pending(request.text(1), request.text(2), PendingArgs.all(0)).block();
    } catch (RedisException e) {
      if (e.is("NOGROUP")) {
        return Reply.whole(0);
      }
      throw e;
    }
    List<EntryId> ids = request.texts(3).stream().map(Ids::strict).toList();
    return Reply.whole(Now.some(groups(client).ack(request.text(1), request.text(2), ids)));
  }

  private static Reply pending(Client client, Request request) {
    if (request.size() == 3) {
      return summary(Now.some(groups(client).pending(request.text(1), request.text(2))));
    }
    if (request.size() < 6 || request.size() > 9) {
      throw Failures.syntax();
    }
    List<PendingEntry> rows =
        Now.some(groups(client).pending(request.text(1), request.text(2), pendingArgs(request)));
    return new Reply.Array(rows.stream().map(GroupCommands::row).toList());
  }

  private static PendingArgs pendingArgs(Request request) {
    int start = 3;
    Duration idle = null;
    if (request.is(start, "IDLE")) {
      idle = Duration.ofMillis(request.number(4));
      start += 2;
      if (request.size() < 8) {
        throw Failures.syntax();
      }
    }
    long count = request.number(start + 2);
    int consumer = start + 3;
    @Nullable String of = consumer < request.size() ? request.text(consumer) : null;
    return new PendingArgs(idle, request.text(start), request.text(start + 1), count, of);
  }

  private static Reply summary(PendingSummary summary) {
    if (summary.count() == 0) {
      return Reply.array(Reply.whole(0), Reply.NIL, Reply.NIL, Reply.NIL_ARRAY);
    }
    List<Reply> consumers = new ArrayList<>();
    summary
        .byConsumer()
        .forEach(
            (name, count) ->
                consumers.add(Reply.array(Reply.bulk(name), Reply.bulk(Long.toString(count)))));
    return Reply.array(
        Reply.whole(summary.count()),
        Reply.bulkOrNil(summary.min()),
        Reply.bulkOrNil(summary.max()),
        new Reply.Array(consumers));
  }

  private static Reply row(PendingEntry row) {
    return Reply.array(
        Replies.id(row.id()),
        Reply.bulk(row.consumer()),
        Reply.whole(row.idle().toMillis()),
        Reply.whole(row.deliveries()));
  }
}
