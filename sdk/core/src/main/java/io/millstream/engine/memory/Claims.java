package io.millstream.engine.memory;

import io.millstream.engine.AutoClaimed;
import io.millstream.engine.ClaimArgs;
import io.millstream.entry.Entry;
import io.millstream.entry.EntryId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * XCLAIM and XAUTOCLAIM. A pending entry that no longer stands is dropped by either. All methods
 * want the server's lock.
 */
final class Claims {
  private static final long DEFAULT_COUNT = 100;
  private static final long ROWS_LOOKED_AT_FOR_ONE = 10;
  private static final long MOST_COUNT = Long.MAX_VALUE / 16;

  private final Keyspace keyspace;

  Claims(Keyspace keyspace) {
    this.keyspace = keyspace;
  }

  List<Entry> claim(
      String key,
      String group,
      String consumerName,
      Duration minIdle,
      Collection<EntryId> ids,
      ClaimArgs args,
      boolean justId,
      long now) {
    if (ids.isEmpty()) {
      throw Errors.arguments("xclaim");
    }
    StreamGroup place = keyspace.required(key, group);
    StreamData stream = place.stream();
    GroupData data = place.group();
    long minIdleMillis = minIdle(minIdle, "XCLAIM");
    long deliveredAt = deliveredAt(args, now);
    if (args.lastId() != null && args.lastId().compareTo(data.lastId) > 0) {
      data.lastId = args.lastId();
    }
    ConsumerData consumer = data.seen(consumerName, now);
    List<Entry> claimed = new ArrayList<>();
    for (EntryId id : ids) {
      Entry entry = stream.find(id);
      if (entry == null) {
        data.remove(id);
        continue;
      }
      PendingRow row = data.pending().get(id);
      if (row == null && args.force()) {
        row = new PendingRow(id, consumer, deliveredAt, 1);
        data.add(row);
      } else if (row == null || isFresher(row, minIdleMillis, now)) {
        continue;
      }
      data.give(row, consumer);
      row.deliveredAt = deliveredAt;
      row.count = nextCount(row.count, args.retryCount(), justId);
      consumer.activeAt = now;
      claimed.add(entry);
    }
    return claimed;
  }

  private static long nextCount(long count, @Nullable Long wanted, boolean justId) {
    if (wanted != null && wanted >= 0) {
      return wanted;
    }
    return justId ? count : count + 1;
  }

  /** The last of IDLE and TIME wins; what is before the epoch or in the future means now. */
  private static long deliveredAt(ClaimArgs args, long now) {
    if (args.timeMillis() != null) {
      return notAfter(now, args.timeMillis());
    }
    return args.idle() == null ? now : backdated(args.idle(), now);
  }

  /** When an entry was delivered that is to have this idle time. */
  static long backdated(Duration idle, long now) {
    return notAfter(now, now - Millis.of(idle, "Invalid IDLE option argument for XCLAIM"));
  }

  private static long notAfter(long now, long wanted) {
    return wanted < 0 || wanted > now ? now : wanted;
  }

  AutoClaimed<Entry> autoClaim(
      String key,
      String group,
      String consumerName,
      Duration minIdle,
      EntryId start,
      @Nullable Long count,
      boolean justId,
      long now) {
    long minIdleMillis = minIdle(minIdle, "XAUTOCLAIM");
    long capacity = count == null ? DEFAULT_COUNT : count;
    if (capacity < 1 || capacity > MOST_COUNT / ROWS_LOOKED_AT_FOR_ONE) {
      throw Errors.err("COUNT must be > 0");
    }
    StreamGroup place = keyspace.required(key, group);
    StreamData stream = place.stream();
    GroupData data = place.group();
    ConsumerData consumer = data.seen(consumerName, now);
    List<Entry> claimed = new ArrayList<>();
    List<EntryId> deleted = new ArrayList<>();
    long attempts = capacity * ROWS_LOOKED_AT_FOR_ONE;
    Map.Entry<EntryId, PendingRow> next = data.pending().ceilingEntry(start);
    while (next != null && attempts > 0 && claimed.size() + deleted.size() < capacity) {
      attempts--;
      PendingRow row = next.getValue();
      Entry entry = stream.find(row.id);
      if (entry == null) {
        data.remove(row.id);
        deleted.add(row.id);
      } else if (!isFresher(row, minIdleMillis, now)) {
        data.give(row, consumer);
        row.deliveredAt = now;
        row.count = nextCount(row.count, null, justId);
        consumer.activeAt = now;
        claimed.add(entry);
      }
      next = data.pending().higherEntry(row.id);
    }
    return new AutoClaimed<>(next == null ? EntryId.MIN : next.getKey(), claimed, deleted);
  }

  private static boolean isFresher(PendingRow row, long minIdle, long now) {
    return minIdle > 0 && now - row.deliveredAt < minIdle;
  }

  private static long minIdle(Duration minIdle, String command) {
    return Math.max(0, Millis.of(minIdle, "Invalid min-idle-time argument for " + command));
  }
}
