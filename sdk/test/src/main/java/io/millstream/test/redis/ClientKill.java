package io.millstream.test.redis;

import io.millstream.engine.memory.InMemoryServer;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;

/** CLIENT KILL: by address alone, or by filters that must all be true. */
final class ClientKill {
  private final Clients clients;
  private final Channels channels;
  private final InMemoryServer server;

  ClientKill(Clients clients, Channels channels, InMemoryServer server) {
    this.clients = clients;
    this.channels = channels;
    this.server = server;
  }

  Reply kill(Client self, Request request) {
    if (request.size() == 3) {
      String address = request.text(2);
      long killed = kill(self, false, client -> client.address().equals(address));
      if (killed == 0) {
        throw Failures.err("No such client");
      }
      return Reply.OK;
    }
    if (request.size() % 2 != 0) {
      throw Failures.syntax();
    }
    boolean sparesSelf = true;
    Predicate<Client> all = client -> true;
    for (int i = 2; i < request.size(); i += 2) {
      if (request.is(i, "SKIPME")) {
        sparesSelf = yesOrNo(request, i + 1);
      } else {
        all = all.and(filter(request, i));
      }
    }
    return Reply.whole(kill(self, sparesSelf, all));
  }

  private long kill(Client self, boolean sparesSelf, Predicate<Client> filter) {
    List<Client> found =
        clients.all().stream()
            .filter(client -> !(sparesSelf && client == self))
            .filter(filter)
            .toList();
    for (Client client : found) {
      if (client == self) {
        self.closing = true;
      } else {
        client.kill();
        clients.remove(client);
      }
    }
    return found.size();
  }

  private Predicate<Client> filter(Request request, int i) {
    String value = request.text(i + 1);
    return switch (request.lower(i)) {
      case "id" -> {
        long id = request.number(i + 1, "client-id should be greater than 0");
        yield client -> client.id == id;
      }
      case "addr" -> client -> client.address().equals(value);
      case "laddr" -> client -> client.localAddress().equals(value);
      case "user" -> client -> value.equals("default");
      case "type" -> {
        boolean pubSub = isPubSub(request.lower(i + 1));
        yield client -> channels.listens(client) == pubSub;
      }
      case "maxage" -> {
        long seconds = request.number(i + 1);
        yield client -> Duration.between(client.since, server.time()).toSeconds() >= seconds;
      }
      default -> throw Failures.syntax();
    };
  }

  /** The types that there are here: normal, and listening to channels. */
  static boolean isPubSub(String type) {
    return switch (type) {
      case "normal" -> false;
      case "pubsub" -> true;
      default -> throw Failures.err("Unknown client type '" + type + "'");
    };
  }

  private static boolean yesOrNo(Request request, int i) {
    if (!request.is(i, "yes") && !request.is(i, "no")) {
      throw Failures.syntax();
    }
    return request.is(i, "yes");
  }
}
