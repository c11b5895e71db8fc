package io.millstream.engine.memory;

import io.millstream.engine.AdminSteps.SafeTrim;
import io.millstream.engine.AdminSteps.Trimmed;
import io.millstream.entry.Entry;
import io.millstream.entry.EntryId;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Trims what no group needs any more. Wants the server's lock. */
final class SafeTrimming {
  private SafeTrimming() {}

  /** The first id that must stay, and the group that needs it. */
  private record Needed(EntryId first, String holder) {}

  static Trimmed run(Keyspace keyspace, SafeTrim asked, long now) {
    StreamData stream = keyspace.stream(asked.stream());
    if (stream == null) {
      return new Trimmed(0, 0, false, null);
    }
    long length = stream.length();
    long excess = asked.maxLength() == null ? length : length - asked.maxLength();
    Needed needed = needed(stream, asked);
    if (length == 0 || excess <= 0 || (needed == null && !asked.withoutGroups())) {
      return new Trimmed(0, length, false, null);
    }
    int count = (int) Math.min(asked.most(), excess);
    EntryId cut = cut(stream, asked, count, now);
    String heldBackBy = null;
    if (needed != null && cut.compareTo(needed.first()) > 0) {
      if (!stream.range(needed.first(), cut.previous(), 1).isEmpty()) {
        heldBackBy = needed.holder();
      }
      cut = needed.first();
    }
    long removed = stream.trim(new Trim(cut, 0, false, 0));
    boolean more = heldBackBy == null && removed == count && excess > count;
    return new Trimmed(removed, length - removed, more, heldBackBy);
  }

  private static EntryId cut(StreamData stream, SafeTrim asked, int count, long now) {
    List<Entry> page = stream.range(EntryId.MIN, EntryId.MAX, count + 1L);
    EntryId cut =
        page.size() > count ? page.get(count).id() : page.get(page.size() - 1).id().next();
    if (asked.maxAge() == null) {
      return cut;
    }
    EntryId kept = new EntryId(Math.max(0, now - asked.maxAge().toMillis()), 0);
    return cut.compareTo(kept) > 0 ? kept : cut;
  }

  private static @Nullable Needed needed(StreamData stream, SafeTrim asked) {
    Needed needed = null;
    for (Map.Entry<String, GroupData> each : stream.groups().entrySet()) {
      if (asked.ignored().contains(each.getKey())) {
        continue;
      }
      GroupData group = each.getValue();
      EntryId own = group.lastId.next();
      if (!group.pending().isEmpty() && group.pending().firstKey().compareTo(own) < 0) {
        own = group.pending().firstKey();
      }
      if (needed == null || needed.first().compareTo(own) > 0) {
        needed = new Needed(own, each.getKey());
      }
    }
    return needed;
  }
}
