package io.millstream.test.redis;

import io.millstream.engine.StreamEntries;
import io.millstream.entry.Entry;
import io.millstream.entry.EntryId;
import io.millstream.entry.Fields;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The replies that several commands of streams have in common. */
final class Replies {
  private Replies() {}

  /** An entry: its id and its fields, nil if it is pending and no longer stands. */
  static Reply entry(Entry entry) {
    return Reply.array(id(entry.id()), entry.deleted() ? Reply.NIL_ARRAY : fields(entry.fields()));
  }

  static Reply entryOrNil(@Nullable Entry entry) {
    return entry == null ? Reply.NIL : entry(entry);
  }

  static Reply entries(List<Entry> entries) {
    return new Reply.Array(entries.stream().map(Replies::entry).toList());
  }

  static Reply fields(Fields fields) {
    List<Reply> flat = new ArrayList<>(2 * fields.size());
    for (int i = 0; i < fields.size(); i++) {
      flat.add(Reply.bulk(fields.nameBytes(i)));
      flat.add(Reply.bulk(fields.value(i)));
    }
    return new Reply.Array(flat);
  }

  static Reply id(EntryId id) {
    return Reply.bulk(id.toString());
  }

  static Reply ids(List<EntryId> ids) {
    return new Reply.Array(ids.stream().map(Replies::id).toList());
  }

  /** What a read brought, by stream. */
  static Reply streams(List<StreamEntries> streams) {
    List<Reply> byKey = new ArrayList<>();
    for (StreamEntries stream : streams) {
      byKey.add(Reply.bulk(stream.key()));
      byKey.add(entries(stream.entries()));
    }
    return new Reply.Pairs(byKey);
  }
}
