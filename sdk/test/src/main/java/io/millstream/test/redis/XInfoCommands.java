package io.millstream.test.redis;

import io.millstream.engine.ConsumerInfo;
import io.millstream.engine.GroupInfo;
import io.millstream.engine.StreamInfo;
import io.millstream.engine.memory.InMemoryDatabase;
import io.millstream.engine.memory.StreamSnapshot;
import io.millstream.test.redis.Command.Flags;
import io.millstream.test.redis.Command.Keys;
import java.util.List;

/** XINFO. */
final class XInfoCommands {
  private static final long DEFAULT_COUNT = 10;
  private static final List<String> HELP =
      List.of(
          "XINFO <subcommand> [<arg> [value] [opt] ...]. Subcommands are:",
          "CONSUMERS <key> <groupname>",
          "    Show consumers of <groupname>.",
          "GROUPS <key>",
          "    Show the stream consumer groups.",
          "STREAM <key> [FULL [COUNT <count>]",
          "    Show information about the stream.",
          "HELP",
          "    Print this help.");

  void addTo(CommandTable table) {
    table
        .add("xinfo|stream", -3, Flags.READ, Keys.SECOND, XInfoCommands::stream)
        .add("xinfo|groups", 3, Flags.READ, Keys.SECOND, XInfoCommands::groups)
        .add("xinfo|consumers", 4, Flags.READ, Keys.SECOND, XInfoCommands::consumers)
        .add("xinfo|help", 2, Flags.CONNECTION, (client, request) -> Help.of(HELP));
  }

  private static Reply stream(Client client, Request request) {
    InMemoryDatabase database = client.database();
    StreamInfo info = Now.some(database.engine().streams().info(request.text(2)));
    long count = 0;
    if (request.size() > 3) {
      count = fullCount(request);
    }
    StreamSnapshot snapshot = database.streams().snapshot(request.text(2), count);
    if (snapshot == null) {
      throw Failures.err("no such key");
    }
    Reply.Fields fields =
        new Reply.Fields()
            .put("length", snapshot.length())
            .put("radix-tree-keys", snapshot.nodes())
            .put("radix-tree-nodes", snapshot.nodes() + 1)
            .put("last-generated-id", Replies.id(snapshot.lastId()))
            .put("max-deleted-entry-id", Replies.id(snapshot.maxDeletedId()))
            .put("entries-added", snapshot.added())
            .put("recorded-first-entry-id", Replies.id(snapshot.firstId()));
    if (request.size() == 3) {
      return fields
          .put("groups", info.groups())
          .put("first-entry", Replies.entryOrNil(info.firstEntry()))
          .put("last-entry", Replies.entryOrNil(info.lastEntry()))
          .build();
    }
    return fields
        .put("entries", Replies.entries(snapshot.entries()))
        .put("groups", new FullGroups(count).reply(snapshot))
        .build();
  }

  /** FULL, perhaps with a COUNT, of which 0 means all. */
  private static long fullCount(Request request) {
    int options = request.size() - 3;
    if ((options != 1 && options != 3)
        || !request.is(3, "FULL")
        || (options == 3 && !request.is(4, "COUNT"))) {
      throw Failures.subcommandSyntax(request);
    }
    long count = options == 1 ? DEFAULT_COUNT : request.number(5);
    if (count < 0) {
      count = DEFAULT_COUNT;
    }
    return count == 0 ? Long.MAX_VALUE : count;
  }

  private static Reply groups(Client client, Request request) {
    List<GroupInfo> groups =
        Now.some(client.database().engine().groups().infoGroups(request.text(2)));
    return new Reply.Array(groups.stream().map(XInfoCommands::group).toList());
  }

  private static Reply group(GroupInfo group) {
    return new Reply.Fields()
        .put("name", group.name())
        .put("consumers", group.consumers())
        .put("pending", group.pending())
        .put("last-delivered-id", Replies.id(group.lastDeliveredId()))
        .put("entries-read", Reply.wholeOrNil(group.entriesRead()))
        .put("lag", Reply.wholeOrNil(group.lag()))
        .build();
  }

  private static Reply consumers(Client client, Request request) {
    List<ConsumerInfo> consumers =
        Now.some(
            client.database().engine().groups().infoConsumers(request.text(2), request.text(3)));
    return new Reply.Array(consumers.stream().map(XInfoCommands::consumer).toList());
  }

  private static Reply consumer(ConsumerInfo consumer) {
    return new Reply.Fields()
        .put("name", consumer.name())
        .put("pending", consumer.pending())
        .put("idle", consumer.idle().toMillis())
        .put("inactive", consumer.inactive() == null ? -1 : consumer.inactive().toMillis())
        .build();
  }
}
