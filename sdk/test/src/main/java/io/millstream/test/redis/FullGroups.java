package io.millstream.test.redis;

import io.millstream.engine.memory.StreamSnapshot;
import io.millstream.engine.memory.StreamSnapshot.Consumer;
import io.millstream.engine.memory.StreamSnapshot.Group;
import io.millstream.engine.memory.StreamSnapshot.Pending;
import java.util.List;

/** The groups of XINFO STREAM FULL. */
final class FullGroups {
  private final long limit;

  /** With so many rows of each pending entries list at most. */
  FullGroups(long limit) {
    this.limit = limit;
  }

  Reply reply(StreamSnapshot snapshot) {
    return new Reply.Array(snapshot.groups().stream().map(this::group).toList());
  }

  private Reply group(Group group) {
    return new Reply.Fields()
        .put("name", group.name())
        .put("last-delivered-id", Replies.id(group.lastId()))
        .put("entries-read", Reply.wholeOrNil(group.entriesRead()))
        .put("lag", Reply.wholeOrNil(group.lag()))
        .put("pel-count", group.pending().size())
        .put(
            "pending",
            new Reply.Array(group.pending().stream().limit(limit).map(FullGroups::row).toList()))
        .put(
            "consumers",
            new Reply.Array(
                group.consumers().stream().map(consumer -> consumer(group, consumer)).toList()))
        .build();
  }

  private static Reply row(Pending row) {
    return Reply.array(
        Replies.id(row.id()),
        Reply.bulk(row.consumer()),
        Reply.whole(row.deliveredAt()),
        Reply.whole(row.count()));
  }

  private Reply consumer(Group group, Consumer consumer) {
    List<Pending> rows =
        group.pending().stream().filter(row -> row.consumer().equals(consumer.name())).toList();
    return new Reply.Fields()
        .put("name", consumer.name())
        .put("seen-time", consumer.seenAt())
        .put("active-time", consumer.activeAt())
        .put("pel-count", rows.size())
        .put(
            "pending", new Reply.Array(rows.stream().limit(limit).map(FullGroups::ownRow).toList()))
        .build();
  }

  private static Reply ownRow(Pending row) {
    return Reply.array(
        Replies.id(row.id()), Reply.whole(row.deliveredAt()), Reply.whole(row.count()));
  }
}
