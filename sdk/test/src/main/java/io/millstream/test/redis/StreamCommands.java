package io.millstream.test.redis;

import io.millstream.engine.memory.InMemoryDatabase;
import io.millstream.entry.Entry;
import io.millstream.entry.EntryId;
import io.millstream.entry.Fields;
import io.millstream.test.redis.Command.Flags;
import io.millstream.test.redis.Command.Keys;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** XADD, XTRIM, XDEL, XLEN, XRANGE, XREVRANGE and XSETID. */
final class StreamCommands {
  void addTo(CommandTable table) {
    table
        .add("xadd", -5, Flags.WRITE, Keys.FIRST, StreamCommands::add)
        .add("xtrim", -4, Flags.WRITE, Keys.FIRST, StreamCommands::trim)
        .add("xdel", -3, Flags.WRITE, Keys.FIRST, StreamCommands::delete)
        .add("xlen", 2, Flags.READ, Keys.FIRST, StreamCommands::length)
        .add("xrange", -4, Flags.READ, Keys.FIRST, StreamCommands::range)
        .add("xrevrange", -4, Flags.READ, Keys.FIRST, StreamCommands::reverseRange)
        .add("xsetid", -3, Flags.WRITE, Keys.FIRST, StreamCommands::setId);
  }

  private static Reply add(Client client, Request request) {
    AddOptions options = AddOptions.ofAdd(request);
    int first = options.next();
    int words = request.size() - first;
    if (words < 2 || words % 2 != 0) {
      throw Failures.arguments("xadd");
    }
    Fields fields = Fields.ofFlat(request.rest(first).toArray(new byte[0][]));
    EntryId id =
        Now.get(
            client.database().engine().streams().add(request.text(1), fields, options.addArgs()));
    return Reply.bulkOrNil(id);
  }

  private static Reply trim(Client client, Request request) {
    AddOptions options = AddOptions.ofTrim(request);
    return Reply.whole(
        Now.some(client.database().engine().streams().trim(request.text(1), options.trimArgs())));
  }

  private static Reply delete(Client client, Request request) {
    var streams = client.database().engine().streams();
    if (Now.some(streams.length(request.text(1))) == 0 && isMissing(client, request.text(1))) {
      return Reply.whole(0);
    }
    List<EntryId> ids = request.texts(2).stream().map(Ids::strict).toList();
    return Reply.whole(Now.some(streams.delete(request.text(1), ids)));
  }

  private static boolean isMissing(Client client, String key) {
    return !client.database().keys().exists(key);
  }

  private static Reply length(Client client, Request request) {
    return Reply.whole(Now.some(client.database().engine().streams().length(request.text(1))));
  }

  private static Reply range(Client client, Request request) {
    Long count = rangeCount(request, 2, 3);
    return entriesOrNil(
        Now.get(
            client
                .database()
                .engine()
                .streams()
                .range(request.text(1), request.text(2), request.text(3), count)));
  }

  private static Reply reverseRange(Client client, Request request) {
    Long count = rangeCount(request, 3, 2);
    return entriesOrNil(
        Now.get(
            client
                .database()
                .engine()
                .streams()
                .reverseRange(request.text(1), request.text(2), request.text(3), count)));
  }

  /** COUNT, or null; wrong bounds are found before it. */
  private static @Nullable Long rangeCount(Request request, int start, int end) {
    Ids.start(request.text(start));
    Ids.checkEnd(request.text(end));
    Long count = null;
    for (int i = 4; i < request.size(); i += 2) {
      if (!request.is(i, "COUNT") || i + 1 == request.size()) {
        throw Failures.syntax();
      }
      count = Math.max(0, request.number(i + 1));
    }
    return count;
  }

  private static Reply entriesOrNil(@Nullable List<Entry> entries) {
    return entries == null ? Reply.NIL_ARRAY : Replies.entries(entries);
  }

  private static Reply setId(Client client, Request request) {
    EntryId id = Ids.strict(request.text(2));
    Long added = null;
    EntryId deleted = null;
    for (int i = 3; i < request.size(); i += 2) {
      boolean more = i + 1 < request.size();
      if (request.is(i, "ENTRIESADDED") && more) {
        added = request.number(i + 1);
        if (added < 0) {
          throw Failures.err("entries_added must be positive");
        }
      } else if (request.is(i, "MAXDELETEDID") && more) {
        deleted = Ids.strict(request.text(i + 1));
        if (id.compareTo(deleted) < 0) {
          throw Failures.err(
              "The ID specified in XSETID is smaller than the provided max_deleted_entry_id");
        }
      } else {
        throw Failures.syntax();
      }
    }
    InMemoryDatabase database = client.database();
    database.streams().setId(request.text(1), id, added, deleted);
    return Reply.OK;
  }
}
