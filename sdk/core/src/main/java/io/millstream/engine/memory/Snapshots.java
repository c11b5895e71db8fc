package io.millstream.engine.memory;

import static io.millstream.engine.memory.GroupData.UNKNOWN;

import io.millstream.entry.EntryId;
import java.util.List;

/** Makes snapshots of streams, and streams of snapshots. All methods want the server's lock. */
final class Snapshots {
  private Snapshots() {}

  /** The stream with its first entries. */
  static StreamSnapshot of(StreamData stream, long entries) {
    return new StreamSnapshot(
        stream.length(),
        stream.nodes(),
        stream.lastId(),
        stream.maxDeletedId(),
        stream.added(),
        stream.firstId(),
        stream.range(EntryId.MIN, EntryId.MAX, entries),
        stream.groups().entrySet().stream()
            .map(group -> group(stream, group.getKey(), group.getValue()))
            .toList());
  }

  private static StreamSnapshot.Group group(StreamData stream, String name, GroupData group) {
    List<StreamSnapshot.Pending> pending =
        group.pending().values().stream()
            .map(
                row ->
                    new StreamSnapshot.Pending(
                        row.id, row.consumer.name, row.deliveredAt, row.count))
            .toList();
    List<StreamSnapshot.Consumer> consumers =
        group.consumers().values().stream()
            .map(
                consumer ->
                    new StreamSnapshot.Consumer(consumer.name, consumer.seenAt, consumer.activeAt))
            .toList();
    return new StreamSnapshot.Group(
        name,
        group.lastId,
        group.entriesRead == UNKNOWN ? null : group.entriesRead,
        Lag.of(stream, group),
        pending,
        consumers);
  }

  /** A new stream with all that the snapshot has. */
  static StreamData restore(StreamSnapshot snapshot, NodeLimits limits) {
    StreamData stream = new StreamData(limits);
    snapshot.entries().forEach(entry -> stream.append(entry.id(), entry.fields()));
    stream.remember(snapshot.lastId(), snapshot.added(), snapshot.maxDeletedId());
    for (StreamSnapshot.Group group : snapshot.groups()) {
      stream.groups().put(group.name(), restore(group));
    }
    return stream;
  }

  private static GroupData restore(StreamSnapshot.Group snapshot) {
    Long read = snapshot.entriesRead();
    GroupData group = new GroupData(snapshot.lastId(), read == null ? UNKNOWN : read);
    for (StreamSnapshot.Consumer consumer : snapshot.consumers()) {
      group.seen(consumer.name(), consumer.seenAt()).activeAt = consumer.activeAt();
    }
    for (StreamSnapshot.Pending row : snapshot.pending()) {
      ConsumerData holder = group.consumer(row.consumer());
      if (holder == null) {
        throw new IllegalArgumentException("a pending entry without its consumer: " + row.id());
      }
      group.add(new PendingRow(row.id(), holder, row.deliveredAt(), row.count()));
    }
    return group;
  }
}
