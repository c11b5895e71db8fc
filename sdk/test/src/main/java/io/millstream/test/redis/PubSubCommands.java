package io.millstream.test.redis;

import io.millstream.engine.memory.InMemoryServer;
import io.millstream.test.redis.Command.Flags;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** SUBSCRIBE, PSUBSCRIBE, their opposites, and PUBLISH. */
final class PubSubCommands {
  private final InMemoryServer server;
  private final Channels channels;

  PubSubCommands(InMemoryServer server, Channels channels) {
    this.server = server;
    this.channels = channels;
  }

  void addTo(CommandTable table) {
    table
        .add("subscribe", -2, Flags.PUBSUB, this::subscribe)
        .add("psubscribe", -2, Flags.PUBSUB, this::subscribeToAll)
        .add("unsubscribe", -1, Flags.PUBSUB, this::unsubscribe)
        .add("punsubscribe", -1, Flags.PUBSUB, this::unsubscribeFromAll)
        .add("publish", 3, Flags.CONNECTION, this::publish);
  }

  private Reply subscribe(Client client, Request request) {
    return each(client, request, request.texts(1), channels::subscribe);
  }

  private Reply subscribeToAll(Client client, Request request) {
    return each(client, request, request.texts(1), channels::subscribeToAll);
  }

  private Reply unsubscribe(Client client, Request request) {
    List<String> names = request.size() > 1 ? request.texts(1) : channels.of(client);
    return each(client, request, names, channels::unsubscribe);
  }

  private Reply unsubscribeFromAll(Client client, Request request) {
    List<String> names = request.size() > 1 ? request.texts(1) : channels.patternsOf(client);
    return each(client, request, names, channels::unsubscribeFromAll);
  }

  private Reply each(
      Client client, Request request, List<String> names, BiConsumer<Client, String> change) {
    if (names.isEmpty()) {
      return confirmation(client, request, null);
    }
    List<Reply> replies = new ArrayList<>();
    for (String name : names) {
      change.accept(client, name);
      replies.add(confirmation(client, request, name));
    }
    return new Reply.Several(replies);
  }

  private Reply confirmation(Client client, Request request, @Nullable String name) {
    return new Reply.Push(
        List.of(
            Reply.bulk(request.name()),
            Reply.bulkOrNil(name),
            Reply.whole(channels.subscriptions(client))));
  }

  private Reply publish(Client client, Request request) {
    return Reply.whole(server.publish(request.text(1), request.text(2)));
  }
}
