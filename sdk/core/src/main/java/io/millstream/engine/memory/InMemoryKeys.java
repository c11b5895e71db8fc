package io.millstream.engine.memory;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What Redis does with keys whatever they hold, and as much of strings, lists and sets as is needed
 * to have a key that is no stream.
 *
 * @since 0.1
 */
public final class InMemoryKeys {
  /**
   * What BLPOP took.
   *
   * @param key from which list
   * @param element what was its first
   */
  public record Popped(String key, String element) {}

  private final Server server;
  private final MemoryEngine engine;
  private final Keyspace keyspace;

  InMemoryKeys(Server server, MemoryEngine engine) {
    this.server = server;
    this.engine = engine;
    this.keyspace = engine.keyspace;
  }

  /** DEL: whether there was such a key. */
  public boolean delete(String key) {
    return call("DEL", () -> keyspace.delete(key));
  }

  /** EXISTS. */
  public boolean exists(String key) {
    return call("EXISTS", () -> keyspace.value(key) != null);
  }

  /** TYPE: {@code stream}, {@code string}, {@code list}, {@code set} or {@code none}. */
  public String type(String key) {
    return call(
        "TYPE",
        () -> {
          Value value = keyspace.value(key);
          return value == null ? "none" : value.type();
        });
  }

  /** KEYS *: all keys, in order. */
  public List<String> all() {
    return call("KEYS", keyspace::keys);
  }

  /** DBSIZE: how many keys. */
  public int size() {
    return call("DBSIZE", keyspace::size);
  }

  /** FLUSHDB: removes all keys. */
  public void clear() {
    call(
        "FLUSHDB",
        () -> {
          keyspace.clear();
          return true;
        });
  }

  /** RENAME: {@code ERR no such key} if there is none. A stream keeps its groups. */
  public void rename(String key, String newKey) {
    call(
        "RENAME",
        () -> {
          Value value = keyspace.remove(key);
          if (value == null) {
            throw Errors.noSuchKey();
          }
          keyspace.put(newKey, value);
          return true;
        });
  }

  /**
   * COPY: false if there is no such key, or if the other is there and must not be replaced. A
   * stream keeps its groups.
   */
  public boolean copy(String key, String newKey, boolean replace) {
    return call(
        "COPY",
        () -> {
          if (key.equals(newKey)) {
            throw Errors.err("source and destination objects are the same");
          }
          Value value = keyspace.value(key);
          if (value == null || (!replace && keyspace.value(newKey) != null)) {
            return false;
          }
          keyspace.put(newKey, copy(value));
          return true;
        });
  }

  private Value copy(Value value) {
    if (value instanceof StreamData stream) {
      return Snapshots.restore(Snapshots.of(stream, Long.MAX_VALUE), keyspace.limits);
    }
    if (value instanceof Value.Elements elements) {
      return new Value.Elements(new ArrayDeque<>(elements.list()));
    }
    return value instanceof Value.Members members
        ? new Value.Members(new LinkedHashSet<>(members.set()))
        : value;
  }

  /** SET: the key is a string from now on, whatever it was. */
  public void set(String key, String value) {
    call(
        "SET",
        () -> {
          keyspace.put(key, new Value.Text(value));
          return true;
        });
  }

  /** GET: null if there is no such key. */
  public @Nullable String get(String key) {
    Value.Text found =
        server.<Value.Text>call(
            engine, Called.on("GET", key), () -> keyspace.value(key, Value.Text.class));
    return found == null ? null : found.text();
  }

  /** LPUSH: puts the elements before the list, one by one; answers its length. */
  public int push(String key, List<String> elements) {
    return call(
        "LPUSH",
        () -> {
          Value.Elements found = keyspace.value(key, Value.Elements.class);
          Deque<String> list = (found == null ? new Value.Elements() : found).list();
          elements.forEach(list::addFirst);
          keyspace.put(key, new Value.Elements(list));
          return list.size();
        });
  }

  /** SADD: how many were not in the set before. */
  public int add(String key, List<String> members) {
    return call(
        "SADD",
        () -> {
          Value.Members found = keyspace.value(key, Value.Members.class);
          Set<String> set = (found == null ? new Value.Members() : found).set();
          int before = set.size();
          set.addAll(members);
          keyspace.put(key, new Value.Members(set));
          return set.size() - before;
        });
  }

  /**
   * BLPOP: waits until one of the keys is a list.
   *
   * @param blockMillis for how long, 0 without end, null not at all
   */
  public BlockingCall<Popped> pop(List<String> keys, @Nullable Long blockMillis) {
    return new BlockingCall<>(
        server,
        engine,
        new BlockingCall.Command<>(
            new Called("BLPOP", keys, null),
            blockMillis,
            value -> value instanceof Value.Elements,
            () -> firstOf(keys)));
  }

  private @Nullable Popped firstOf(List<String> keys) {
    for (String key : keys) {
      Value.Elements elements = keyspace.value(key, Value.Elements.class);
      if (elements != null) {
        String first = elements.list().removeFirst();
        if (elements.list().isEmpty()) {
          keyspace.delete(key);
        }
        return new Popped(key, first);
      }
    }
    return null;
  }

  /**
   * For INFO: how many keys somebody waits for, and with {@code anything} only those where he
   * learns of whatever becomes of the key.
   */
  public int waitedFor(boolean anything) {
    return server.lock.locked(
        () ->
            (int)
                keyspace.waiters.keys().stream()
                    .filter(
                        key ->
                            !anything
                                || keyspace.waiters.of(key).stream()
                                    .anyMatch(Waiter::wakesForAnything))
                    .count());
  }

  private <T> T call(String command, Supplier<T> effect) {
    T reply = server.call(engine, Called.named(command), effect::get);
    if (reply == null) {
      throw new IllegalStateException(command + " has no reply");
    }
    return reply;
  }
}
