package io.millstream.test.redis;

import io.millstream.test.redis.Command.Flags;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** SUBSCRIBE, PSUBSCRIBE, their opposites, and PUBLISH. */
final class PubSubCommands {
  private final Channels channels;

  PubSubCommands(Channels channels) {
    this.channels = channels;
  }

  void addTo(CommandTable table) {
    table
        .add("subscribe", -2, Flags.PUBSUB, (client, request) -> subscribe(client, request, client.channels))
        .add("psubscribe", -2, Flags.PUBSUB, (client, request) -> subscribe(client, request, client.patterns))
        .add("unsubscribe", -1, Flags.PUBSUB, (client, request) -> unsubscribe(client, request, client.channels))
        .add("punsubscribe", -1, Flags.PUBSUB, (client, request) -> unsubscribe(client, request, client.patterns))
        .add("publish", 3, Flags.CONNECTION, this::publish);
  }

  private static Reply subscribe(Client client, Request request, Set<String> to) {
    List<Reply> replies = new ArrayList<>();
    for (String name : request.texts(1)) {
      to.add(name);
      replies.add(confirmation(client, request, name));
    }
    return new Reply.Several(replies);
  }

  private static Reply unsubscribe(Client client, Request request, Set<String> from) {
    List<String> names = request.size() > 1 ? request.texts(1) : List.copyOf(from);
    List<Reply> replies = new ArrayList<>();
    for (String name : names) {
      from.remove(name);
      replies.add(confirmation(client, request, name));
    }
    return replies.isEmpty()
        ? confirmation(client, request, null)
        : new Reply.Several(replies);
  }

  private static Reply confirmation(Client client, Request request, @Nullable String name) {
    return new Reply.Push(
        List.of(
            Reply.bulk(request.name()),
            Reply.bulkOrNil(name),
            Reply.whole(client.subscriptions())));
  }

  private Reply publish(Client client, Request request) {
    return Reply.whole(channels.publish(request.text(1), Reply.bulk(request.bytes(2))));
  }
}
