package io.millstream.test.redis;

import java.util.List;

/** Who listens to which channels. Confined to the event loop. */
final class Channels {
  private final Clients clients;

  Channels(Clients clients) {
    this.clients = clients;
  }

  /** Tells all who listen; answers how many times it was told. */
  long publish(String channel, Reply message) {
    long told = 0;
    for (Client client : clients.all()) {
      if (client.channels.contains(channel)) {
        tell(client, List.of(Reply.bulk("message"), Reply.bulk(channel), message));
        told++;
      }
      for (String pattern : client.patterns) {
        if (Glob.of(pattern).matches(channel)) {
          tell(
              client,
              List.of(
                  Reply.bulk("pmessage"), Reply.bulk(pattern), Reply.bulk(channel), message));
          told++;
        }
      }
    }
    return told;
  }

  private static void tell(Client client, List<Reply> message) {
    client.write(new Reply.Push(message));
    client.flush();
  }

  /** A client is gone, or starts anew. */
  void forget(Client client) {
    client.channels.clear();
    client.patterns.clear();
  }
}
