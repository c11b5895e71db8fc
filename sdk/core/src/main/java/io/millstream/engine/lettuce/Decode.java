package io.millstream.engine.lettuce;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.millstream.engine.AutoClaimed;
import io.millstream.engine.ConsumerInfo;
import io.millstream.engine.GroupInfo;
import io.millstream.engine.PendingEntry;
import io.millstream.engine.PendingSummary;
import io.millstream.engine.RedisException;
import io.millstream.engine.StreamInfo;
import io.millstream.entry.Entry;
import io.millstream.entry.EntryId;
import io.millstream.entry.Fields;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * From the trees of {@link TreeOutput} to the port's records. Pure functions; a reply of another
 * shape ends in a {@code RuntimeException}, of which {@link #reply} makes an error.
 */
final class Decode {
  private Decode() {}

  /** Decodes; a reply that cannot be decoded is an error of the server. */
  static <T> T reply(Call call, Object tree, Function<Object, T> decode) {
    try {
      return decode.apply(tree);
    } catch (ClassCastException
        | IllegalArgumentException
        | IndexOutOfBoundsException
        | NullPointerException e) {
      throw new RedisException("ERR", "unexpected reply to " + call, e);
    }
  }

  static List<@Nullable Object> list(@Nullable Object tree) {
    @SuppressWarnings("unchecked") // the only lists in a tree are those of TreeOutput
    List<@Nullable Object> list = (List<@Nullable Object>) Objects.requireNonNull(tree);
    return list;
  }

  static long number(@Nullable Object tree) {
    return tree instanceof Long number ? number : Long.parseLong(text(tree));
  }

  static boolean flag(@Nullable Object tree) {
    return number(tree) != 0;
  }

  static String text(@Nullable Object tree) {
    return new String(bytes(tree), UTF_8);
  }

  static EntryId id(@Nullable Object tree) {
    return EntryId.parse(new String(bytes(tree), US_ASCII));
  }

  private static byte[] bytes(@Nullable Object tree) {
    return (byte[]) Objects.requireNonNull(tree);
  }

  static List<EntryId> ids(Object tree) {
    return present(tree, Decode::id);
  }

  /** Entries without those that are nil: so Redis 6.2 claims what was deleted. */
  static List<Entry> entries(@Nullable Object tree) {
    return present(tree, Decode::entry);
  }

  /** {@code [id, [name, value, ...]]}, with nil for the fields of a deleted entry. */
  static Entry entry(Object tree) {
    List<@Nullable Object> parts = list(tree);
    return new Entry(id(parts.get(0)), fields(parts.get(1)));
  }

  static Fields fields(@Nullable Object tree) {
    if (tree == null) {
      return Fields.EMPTY;
    }
    List<@Nullable Object> elements = list(tree);
    byte[][] flat = new byte[elements.size()][];
    for (int i = 0; i < flat.length; i++) {
      flat[i] = bytes(elements.get(i));
    }
    return Fields.ofFlat(flat);
  }

  static PendingSummary pendingSummary(Object tree) {
    List<@Nullable Object> parts = list(tree);
    Map<String, Long> byConsumer = new LinkedHashMap<>();
    if (parts.get(3) != null) {
      for (Object row : list(parts.get(3))) {
        byConsumer.put(text(list(row).get(0)), number(list(row).get(1)));
      }
    }
    return new PendingSummary(
        number(parts.get(0)),
        ifPresent(parts.get(1), Decode::id),
        ifPresent(parts.get(2), Decode::id),
        byConsumer);
  }

  static List<PendingEntry> pendingEntries(Object tree) {
    return present(
        tree,
        row -> {
          List<@Nullable Object> parts = list(row);
          return new PendingEntry(
              id(parts.get(0)), text(parts.get(1)), millis(parts.get(2)), number(parts.get(3)));
        });
  }

  static <E> AutoClaimed<E> autoClaimed(Object tree, Function<Object, E> element) {
    List<@Nullable Object> parts = list(tree);
    List<EntryId> deleted = parts.size() < 3 ? List.of() : present(parts.get(2), Decode::id);
    return new AutoClaimed<>(id(parts.get(0)), present(parts.get(1), element), deleted);
  }

  static StreamInfo streamInfo(Object tree) {
    Map<String, @Nullable Object> info = map(tree);
    return new StreamInfo(
        number(info.get("length")),
        id(info.get("last-generated-id")),
        ifPresent(info.get("max-deleted-entry-id"), Decode::id),
        ifPresent(info.get("entries-added"), Decode::number),
        number(info.get("groups")),
        ifPresent(info.get("first-entry"), Decode::entry),
        ifPresent(info.get("last-entry"), Decode::entry));
  }

  static List<GroupInfo> groupInfos(Object tree) {
    return present(
        tree,
        row -> {
          Map<String, @Nullable Object> info = map(row);
          return new GroupInfo(
              text(info.get("name")),
              number(info.get("consumers")),
              number(info.get("pending")),
              id(info.get("last-delivered-id")),
              ifPresent(info.get("entries-read"), Decode::number),
              ifPresent(info.get("lag"), Decode::number));
        });
  }

  static List<ConsumerInfo> consumerInfos(Object tree) {
    return present(
        tree,
        row -> {
          Map<String, @Nullable Object> info = map(row);
          Duration inactive = ifPresent(info.get("inactive"), Decode::millis);
          return new ConsumerInfo(
              text(info.get("name")),
              number(info.get("pending")),
              millis(info.get("idle")),
              inactive == null || inactive.isNegative() ? null : inactive);
        });
  }

  private static Duration millis(@Nullable Object tree) {
    return Duration.ofMillis(number(tree));
  }

  private static Map<String, @Nullable Object> map(Object tree) {
    List<@Nullable Object> flat = list(tree);
    Map<String, @Nullable Object> map = new HashMap<>();
    for (int i = 0; i < flat.size(); i += 2) {
      map.put(text(flat.get(i)), flat.get(i + 1));
    }
    return map;
  }

  private static <T> @Nullable T ifPresent(@Nullable Object tree, Function<Object, T> decode) {
    return tree == null ? null : decode.apply(tree);
  }

  private static <T> List<T> present(@Nullable Object tree, Function<Object, T> decode) {
    List<@Nullable Object> elements = list(tree);
    List<T> decoded = new ArrayList<>(elements.size());
    for (Object element : elements) {
      if (element != null) {
        decoded.add(decode.apply(element));
      }
    }
    return List.copyOf(decoded);
  }
}
