package io.millstream.engine.memory;

import io.millstream.engine.ConsumerInfo;
import io.millstream.engine.CreateArgs;
import io.millstream.engine.GroupInfo;
import io.millstream.entry.EntryId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** XGROUP and XINFO. All methods want the server's lock. */
final class GroupAdmin {
  private final Keyspace keyspace;

  GroupAdmin(Keyspace keyspace) {
    this.keyspace = keyspace;
  }

  void create(String key, String group, CreateArgs args) {
    long entriesRead = entriesRead(args.entriesRead());
    StreamData stream = keyspace.stream(key);
    if (stream == null && !args.mkStream()) {
      throw Errors.keyRequired();
    }
    EntryId start = args.start().equals("$") ? lastId(stream) : Ids.strict(args.start());
    StreamData target = keyspace.streamOrCreate(key);
    if (target.groups().putIfAbsent(group, new GroupData(start, entriesRead)) != null) {
      throw Errors.busyGroup();
    }
  }

  private static EntryId lastId(@Nullable StreamData stream) {
    return stream == null ? EntryId.MIN : stream.lastId();
  }

  private static long entriesRead(@Nullable Long given) {
    if (given == null) {
      return GroupData.UNKNOWN;
    }
    if (given < 0 && given != GroupData.UNKNOWN) {
      throw Errors.err("value for ENTRIESREAD must be positive or -1");
    }
    return given;
  }

  boolean destroy(String key, String group) {
    boolean existed = existing(key).groups().remove(group) != null;
    if (existed) {
      keyspace.changed(key);
    }
    return existed;
  }

  void setId(String key, String group, String id, @Nullable Long entriesRead) {
    long read = entriesRead(entriesRead);
    GroupData data = existing(key, group);
    data.lastId = id.equals("$") ? existing(key).lastId() : Ids.loose(id);
    data.entriesRead = read;
  }

  /** The group that an XGROUP subcommand needs. */
  GroupData existing(String key, String group) {
    GroupData data = existing(key).groups().get(group);
    if (data == null) {
      throw Errors.noSuchGroup(key, group);
    }
    return data;
  }

  private StreamData existing(String key) {
    StreamData stream = keyspace.stream(key);
    if (stream == null) {
      throw Errors.keyRequired();
    }
    return stream;
  }

  List<GroupInfo> groups(String key) {
    StreamData stream = inspected(key);
    List<GroupInfo> infos = new ArrayList<>();
    stream
        .groups()
        .forEach(
            (name, group) ->
                infos.add(
                    new GroupInfo(
                        name,
                        group.consumers().size(),
                        group.pending().size(),
                        group.lastId,
                        group.entriesRead == GroupData.UNKNOWN ? null : group.entriesRead,
                        Lag.of(stream, group))));
    return infos;
  }

  List<ConsumerInfo> consumers(String key, String group, long now) {
    GroupData data = inspected(key).groups().get(group);
    if (data == null) {
      throw Errors.noSuchGroup(key, group);
    }
    return data.consumers().values().stream()
        .map(
            consumer ->
                new ConsumerInfo(
                    consumer.name,
                    consumer.pending.size(),
                    since(consumer.seenAt, now),
                    consumer.activeAt == ConsumerData.NEVER ? null : since(consumer.activeAt, now)))
        .toList();
  }

  private static Duration since(long then, long now) {
    return Duration.ofMillis(Math.max(0, now - then));
  }

  private StreamData inspected(String key) {
    StreamData stream = keyspace.stream(key);
    if (stream == null) {
      throw Errors.noSuchKey();
    }
    return stream;
  }
}
