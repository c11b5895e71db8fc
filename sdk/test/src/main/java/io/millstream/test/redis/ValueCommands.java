package io.millstream.test.redis;

import io.millstream.engine.memory.BlockingCall;
import io.millstream.engine.memory.InMemoryKeys.Popped;
import io.millstream.test.redis.Command.Flags;
import io.millstream.test.redis.Command.Keys;
import java.util.List;

/** SET, GET, LPUSH, BLPOP and SADD: enough to have keys that are no streams. */
final class ValueCommands {
  void addTo(CommandTable table) {
    table
        .add("set", -3, Flags.WRITE, Keys.FIRST, ValueCommands::set)
        .add("get", 2, Flags.READ, Keys.FIRST, ValueCommands::get)
        .add("lpush", -3, Flags.WRITE, Keys.FIRST, ValueCommands::push)
        .add("blpop", -3, Flags.BLOCKING, new Keys(1, -2, 1), ValueCommands::pop)
        .add("sadd", -3, Flags.WRITE, Keys.FIRST, ValueCommands::add);
  }

  private static Reply set(Client client, Request request) {
    if (request.size() > 3) {
      throw Failures.syntax();
    }
    client.database().keys().set(request.text(1), request.text(2));
    return Reply.OK;
  }

  private static Reply get(Client client, Request request) {
    return Reply.bulkOrNil(client.database().keys().get(request.text(1)));
  }

  private static Reply push(Client client, Request request) {
    return Reply.whole(client.database().keys().push(request.text(1), request.texts(2)));
  }

  private static Reply pop(Client client, Request request) {
    int last = request.size() - 1;
    long millis = Timeouts.seconds(request, last);
    List<String> keys = request.texts(1).subList(0, last - 1);
    BlockingCall<Popped> call =
        client.database().keys().pop(keys, client.executing ? null : millis);
    return new Reply.Later(
        call,
        call.reply()
            .map(popped -> Reply.array(Reply.bulk(popped.key()), Reply.bulk(popped.element())))
            .defaultIfEmpty(Reply.NIL_ARRAY));
  }

  private static Reply add(Client client, Request request) {
    return Reply.whole(client.database().keys().add(request.text(1), request.texts(2)));
  }
}
