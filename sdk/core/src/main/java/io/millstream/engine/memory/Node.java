package io.millstream.engine.memory;

import io.millstream.entry.Entry;
import io.millstream.entry.EntryId;
import io.millstream.entry.Fields;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A run of entries that Redis keeps in one piece: up to 100 of them or about 4096 bytes, unless
 * {@link NodeLimits} says otherwise. Approximate trimming drops whole nodes. What is deleted leaves
 * a tombstone (a slot without fields), which counts as an entry.
 */
final class Node {
  private final Fields master;
  private final List<Entry> slots = new ArrayList<>();
  private int live;
  private long bytes;

  /** A node that starts with this entry; its names are what later entries are compared with. */
  Node(Entry first) {
    master = first.fields();
    bytes =
        Listpack.EMPTY
            + 2 * Listpack.sizeOf(0) // live, deleted
            + Listpack.sizeOf(master.size())
            + Listpack.sizeOf(0); // the end of the master entry
    for (int i = 0; i < master.size(); i++) {
      bytes += Listpack.sizeOf(master.nameBytes(i));
    }
    append(first);
  }

  boolean accepts(Fields fields, NodeLimits limits) {
    long raw = 0;
    for (int i = 0; i < fields.size(); i++) {
      raw += fields.nameBytes(i).length + fields.value(i).length;
    }
    return (limits.bytes == 0 || bytes + raw < limits.bytes)
        && (limits.entries == 0 || slots.size() < limits.entries);
  }

  void append(Entry entry) {
    Fields fields = entry.fields();
    int size = fields.size();
    slots.add(entry);
    live++;
    bytes += Listpack.sizeOf(0); // flags
    bytes += Listpack.sizeOf(entry.id().ms() - firstId().ms());
    bytes += Listpack.sizeOf(entry.id().seq() - firstId().seq());
    for (int i = 0; i < size; i++) {
      bytes += Listpack.sizeOf(fields.value(i));
    }
    if (sameNames(fields)) {
      bytes += Listpack.sizeOf(size + 3);
    } else {
      bytes += Listpack.sizeOf(size) + Listpack.sizeOf(2 * size + 4);
      for (int i = 0; i < size; i++) {
        bytes += Listpack.sizeOf(fields.nameBytes(i));
      }
    }
  }

  private boolean sameNames(Fields fields) {
    if (fields.size() != master.size()) {
      return false;
    }
    for (int i = 0; i < fields.size(); i++) {
      if (!Arrays.equals(fields.nameBytes(i), master.nameBytes(i))) {
        return false;
      }
    }
    return true;
  }

  EntryId firstId() {
    return slots.get(0).id();
  }

  /** The last id, a tombstone's too. */
  EntryId lastId() {
    return slots.get(slots.size() - 1).id();
  }

  int live() {
    return live;
  }

  /** Entries and tombstones, in order. */
  List<Entry> slots() {
    return slots;
  }

  /** The index of the first slot at or above the id. */
  int indexAt(EntryId id) {
    int low = 0;
    int high = slots.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (slots.get(middle).id().compareTo(id) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  @Nullable Entry find(EntryId id) {
    int index = indexAt(id);
    if (index == slots.size()) {
      return null;
    }
    Entry slot = slots.get(index);
    return slot.id().equals(id) && !slot.deleted() ? slot : null;
  }

  /** Leaves a tombstone; false if there is no such entry. */
  boolean delete(EntryId id) {
    if (find(id) == null) {
      return false;
    }
    bury(indexAt(id));
    return true;
  }

  /** Leaves a tombstone in a slot that holds an entry. */
  void bury(int index) {
    slots.set(index, new Entry(slots.get(index).id(), Fields.EMPTY));
    live--;
  }
}
