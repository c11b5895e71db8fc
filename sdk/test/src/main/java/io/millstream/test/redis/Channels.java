package io.millstream.test.redis;

import io.millstream.engine.memory.Audience;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which clients listen to what. What is published may come from any thread; all else happens on the
 * event loop.
 */
final class Channels implements Audience {
  private final Map<Client, Set<String>> channels = new LinkedHashMap<>(); // guarded by this
  private final Map<Client, Set<String>> patterns = new LinkedHashMap<>(); // guarded by this

  /** SUBSCRIBE. */
  synchronized void subscribe(Client client, String channel) {
    channels.computeIfAbsent(client, c -> new LinkedHashSet<>()).add(channel);
  }

  /** PSUBSCRIBE. */
  synchronized void subscribeToAll(Client client, String pattern) {
    patterns.computeIfAbsent(client, c -> new LinkedHashSet<>()).add(pattern);
  }

  /** UNSUBSCRIBE. */
  synchronized void unsubscribe(Client client, String channel) {
    channels.getOrDefault(client, Set.of()).remove(channel);
  }

  /** PUNSUBSCRIBE. */
  synchronized void unsubscribeFromAll(Client client, String pattern) {
    patterns.getOrDefault(client, Set.of()).remove(pattern);
  }

  /** What a client subscribed to, in this order. */
  synchronized List<String> of(Client client) {
    return List.copyOf(channels.getOrDefault(client, Set.of()));
  }

  /** The patterns that a client subscribed to, in this order. */
  synchronized List<String> patternsOf(Client client) {
    return List.copyOf(patterns.getOrDefault(client, Set.of()));
  }

  /** How many channels and patterns a client subscribed to. */
  int subscriptions(Client client) {
    return of(client).size() + patternsOf(client).size();
  }

  boolean listens(Client client) {
    return subscriptions(client) > 0;
  }

  /** A client is gone, or starts anew. */
  synchronized void forget(Client client) {
    channels.remove(client);
    patterns.remove(client);
  }

  @Override
  public synchronized long hear(String channel, String message) {
    List<Runnable> told = new ArrayList<>();
    Reply text = Reply.bulk(message);
    channels.forEach(
        (client, names) -> {
          if (names.contains(channel)) {
            told.add(() -> tell(client, Reply.bulk("message"), Reply.bulk(channel), text));
          }
        });
    patterns.forEach(
        (client, globs) -> {
          for (String glob : globs) {
            if (Glob.of(glob).matches(channel)) {
              told.add(
                  () ->
                      tell(
                          client,
                          Reply.bulk("pmessage"),
                          Reply.bulk(glob),
                          Reply.bulk(channel),
                          text));
            }
          }
        });
    told.forEach(Runnable::run);
    return told.size();
  }

  private static void tell(Client client, Reply... message) {
    client.push(new Reply.Push(List.of(message)));
  }
}
