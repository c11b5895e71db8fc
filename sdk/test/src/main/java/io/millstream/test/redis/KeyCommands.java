package io.millstream.test.redis;

import io.millstream.engine.memory.InMemoryDatabase;
import io.millstream.engine.memory.InMemoryKeys;
import io.millstream.test.redis.Command.Flags;
import io.millstream.test.redis.Command.Keys;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** DEL, UNLINK, EXISTS, TYPE, KEYS, SCAN, RENAME, RENAMENX and COPY. */
final class KeyCommands {
  void addTo(CommandTable table) {
    table
        .add("del", -2, Flags.WRITE, Keys.ALL, KeyCommands::delete)
        .add("unlink", -2, Flags.WRITE, Keys.ALL, KeyCommands::delete)
        .add("exists", -2, Flags.READ, Keys.ALL, KeyCommands::exists)
        .add("type", 2, Flags.READ, Keys.FIRST, KeyCommands::type)
        .add("keys", 2, Flags.READ, KeyCommands::keys)
        .add("scan", -2, Flags.READ, KeyCommands::scan)
        .add("rename", 3, Flags.WRITE, new Keys(1, 2, 1), KeyCommands::rename)
        .add("renamenx", 3, Flags.WRITE, new Keys(1, 2, 1), KeyCommands::renameIfNew)
        .add("copy", -3, Flags.WRITE, new Keys(1, 2, 1), KeyCommands::copy);
  }

  private static Reply delete(Client client, Request request) {
    return count(request, client.database().keys()::delete);
  }

  private static Reply exists(Client client, Request request) {
    return count(request, client.database().keys()::exists);
  }

  private static Reply count(Request request, Predicate<String> each) {
    return Reply.whole(request.texts(1).stream().filter(each).count());
  }

  private static Reply type(Client client, Request request) {
    return new Reply.Simple(client.database().keys().type(request.text(1)));
  }

  private static Reply keys(Client client, Request request) {
    Glob pattern = Glob.of(request.text(1));
    return Reply.bulks(client.database().keys().all().stream().filter(pattern::matches).toList());
  }

  /** Everything at once: the cursor is at its end after the first call. */
  private static Reply scan(Client client, Request request) {
    if (!request.text(1).matches("\\d+")) {
      throw Failures.err("invalid cursor");
    }
    InMemoryKeys keys = client.database().keys();
    Stream<String> found = request.text(1).equals("0") ? keys.all().stream() : Stream.of();
    for (int i = 2; i < request.size(); i += 2) {
      if (i + 1 == request.size()) {
        throw Failures.syntax();
      }
      if (request.is(i, "MATCH")) {
        found = found.filter(Glob.of(request.text(i + 1))::matches);
      } else if (request.is(i, "TYPE")) {
        String type = request.lower(i + 1);
        found = found.filter(key -> keys.type(key).equals(type));
      } else if (!request.is(i, "COUNT")) {
        throw Failures.syntax();
      } else if (request.number(i + 1) < 1) {
        throw Failures.syntax();
      }
    }
    List<String> all = found.toList();
    return Reply.array(Reply.bulk("0"), Reply.bulks(all));
  }

  private static Reply rename(Client client, Request request) {
    client.database().keys().rename(request.text(1), request.text(2));
    return Reply.OK;
  }

  private static Reply renameIfNew(Client client, Request request) {
    InMemoryKeys keys = client.database().keys();
    if (!keys.exists(request.text(1))) {
      throw Failures.err("no such key");
    }
    boolean isNew = !keys.exists(request.text(2));
    if (isNew) {
      keys.rename(request.text(1), request.text(2));
    }
    return Reply.flag(isNew);
  }

  private static Reply copy(Client client, Request request) {
    boolean replace = false;
    for (int i = 3; i < request.size(); i++) {
      if (request.is(i, "REPLACE")) {
        replace = true;
      } else {
        throw Failures.syntax();
      }
    }
    InMemoryDatabase database = client.database();
    return Reply.flag(database.keys().copy(request.text(1), request.text(2), replace));
  }
}
