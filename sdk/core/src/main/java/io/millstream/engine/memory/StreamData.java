package io.millstream.engine.memory;

import io.millstream.entry.Entry;
import io.millstream.entry.EntryId;
import io.millstream.entry.Fields;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.ListIterator;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One stream: its entries in nodes, what Redis remembers of those that are gone, and its groups.
 * All of it is guarded by the server's lock.
 */
final class StreamData implements Value {
  private final NavigableMap<EntryId, Node> nodes = new TreeMap<>(); // by the node's first id
  private final NavigableMap<String, GroupData> groups = new TreeMap<>();
  private long length;
  private long added;
  private EntryId firstId = EntryId.MIN;
  private EntryId lastId = EntryId.MIN;
  private EntryId maxDeletedId = EntryId.MIN;
  private final NodeLimits limits;

  StreamData(NodeLimits limits) {
    this.limits = limits;
  }

  @Override
  public String type() {
    return "stream";
  }

  NavigableMap<String, GroupData> groups() {
    return groups;
  }

  long length() {
    return length;
  }

  /** Entries ever added. */
  long added() {
    return added;
  }

  /** The first entry's id, or 0-0. */
  EntryId firstId() {
    return firstId;
  }

  /** The largest id ever given, or 0-0. */
  EntryId lastId() {
    return lastId;
  }

  /** The largest id that XDEL ever removed, or 0-0; trimming does not count. */
  EntryId maxDeletedId() {
    return maxDeletedId;
  }

  /** How many nodes hold the entries. */
  int nodes() {
    return nodes.size();
  }

  /** What is known of entries that are gone: XSETID and RESTORE bring it from elsewhere. */
  void remember(EntryId newLastId, long newAdded, EntryId newMaxDeletedId) {
    lastId = newLastId;
    added = newAdded;
    maxDeletedId = newMaxDeletedId;
  }

  /** The id that {@code *} means. */
  EntryId nextId(long nowMillis) {
    return Long.compareUnsigned(nowMillis, lastId.ms()) > 0
        ? new EntryId(nowMillis, 0)
        : lastId.next();
  }

  /** Appends an entry; the id must be above the last one. */
  void append(EntryId id, Fields fields) {
    Entry entry = new Entry(id, fields);
    Map.Entry<EntryId, Node> tail = nodes.lastEntry();
    if (tail != null && tail.getValue().accepts(fields, limits)) {
      tail.getValue().append(entry);
    } else {
      nodes.put(id, new Node(entry));
    }
    lastId = id;
    added++;
    if (length++ == 0) {
      firstId = id;
    }
  }

  @Nullable Entry find(EntryId id) {
    Map.Entry<EntryId, Node> node = nodes.floorEntry(id);
    return node == null ? null : node.getValue().find(id);
  }

  boolean delete(EntryId id) {
    Map.Entry<EntryId, Node> node = nodes.floorEntry(id);
    if (node == null || !node.getValue().delete(id)) {
      return false;
    }
    if (node.getValue().live() == 0) {
      nodes.remove(node.getKey());
    }
    length--;
    if (id.compareTo(maxDeletedId) > 0) {
      maxDeletedId = id;
    }
    if (id.equals(firstId)) {
      findFirst();
    }
    return true;
  }

  /** Trims from the oldest on; returns how many entries went. */
  long trim(Trim trim) {
    long before = length;
    Iterator<Node> oldest = nodes.values().iterator();
    while (oldest.hasNext() && !satisfies(trim)) {
      Node node = oldest.next();
      if (trim.limit() > 0 && before - length + node.live() > trim.limit()) {
        break;
      }
      if (coversWhole(trim, node)) {
        oldest.remove();
        length -= node.live();
      } else {
        if (!trim.approximate()) {
          trimWithin(trim, node);
        }
        break;
      }
    }
    if (length != before) {
      findFirst();
    }
    return before - length;
  }

  private boolean satisfies(Trim trim) {
    return trim.minId() == null && length <= trim.maxLength();
  }

  private boolean coversWhole(Trim trim, Node node) {
    return trim.minId() == null
        ? length - node.live() >= trim.maxLength()
        : node.lastId().compareTo(trim.minId()) < 0;
  }

  private void trimWithin(Trim trim, Node node) {
    for (int i = 0; i < node.slots().size() && !satisfies(trim); i++) {
      Entry slot = node.slots().get(i);
      if (trim.minId() != null && slot.id().compareTo(trim.minId()) >= 0) {
        return;
      }
      if (!slot.deleted()) {
        node.bury(i);
        length--;
      }
    }
  }

  private void findFirst() {
    List<Entry> first = range(EntryId.MIN, EntryId.MAX, 1);
    firstId = first.isEmpty() ? EntryId.MIN : first.get(0).id();
  }

  /** The first entries of a range, both ends inclusive. */
  List<Entry> range(EntryId start, EntryId end, long limit) {
    List<Entry> found = new ArrayList<>();
    EntryId from = nodes.floorKey(start);
    for (Node node : nodes.tailMap(from == null ? start : from, true).values()) {
      ListIterator<Entry> slots = node.slots().listIterator(node.indexAt(start));
      while (slots.hasNext()) {
        Entry slot = slots.next();
        if (found.size() >= limit || slot.id().compareTo(end) > 0) {
          return found;
        }
        if (!slot.deleted()) {
          found.add(slot);
        }
      }
    }
    return found;
  }

  /** The last entries of a range, both ends inclusive, newest first. */
  List<Entry> reverseRange(EntryId start, EntryId end, long limit) {
    List<Entry> found = new ArrayList<>();
    for (Node node : nodes.headMap(end, true).descendingMap().values()) {
      List<Entry> slots = node.slots();
      for (int i = slots.size() - 1; i >= 0; i--) {
        Entry slot = slots.get(i);
        if (found.size() >= limit || slot.id().compareTo(start) < 0) {
          return found;
        }
        if (!slot.deleted() && slot.id().compareTo(end) <= 0) {
          found.add(slot);
        }
      }
    }
    return found;
  }

  /** The oldest entry that stands, or null. */
  @Nullable Entry first() {
    List<Entry> first = range(firstId, EntryId.MAX, 1);
    return first.isEmpty() ? null : first.get(0);
  }

  /** The newest entry that stands, or null. */
  @Nullable Entry last() {
    List<Entry> last = reverseRange(EntryId.MIN, EntryId.MAX, 1);
    return last.isEmpty() ? null : last.get(0);
  }
}
