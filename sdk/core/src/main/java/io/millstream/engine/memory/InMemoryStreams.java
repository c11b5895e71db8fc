package io.millstream.engine.memory;

import io.millstream.engine.ReadArgs;
import io.millstream.engine.ReadArgs.StreamOffset;
import io.millstream.engine.StreamEntries;
import io.millstream.entry.EntryId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The commands of streams that Redis has and the port has not.
 *
 * @since 0.1
 */
public final class InMemoryStreams {
  private final Server server;
  private final MemoryEngine engine;
  private final Keyspace keyspace;

  InMemoryStreams(Server server, MemoryEngine engine) {
    this.server = server;
    this.engine = engine;
    this.keyspace = engine.keyspace;
  }

  /**
   * XREAD.
   *
   * @param count COUNT, for each stream; 0 for no limit
   * @param blockMillis BLOCK, 0 without end, null not at all
   * @param streams what to read, each after an id; {@code $} for what comes from now on, {@code +}
   *     for the last entry
   */
  public BlockingCall<List<StreamEntries>> read(
      long count, @Nullable Long blockMillis, List<StreamOffset> streams) {
    PlainRead read = new PlainRead(keyspace, count, streams);
    return new BlockingCall<>(
        server,
        engine,
        new BlockingCall.Command<>(
            new Called("XREAD", streams.stream().map(StreamOffset::key).toList(), null),
            blockMillis,
            value -> value instanceof StreamData,
            read::run));
  }

  /** XREADGROUP, for which the port has a {@link io.millstream.engine.Reader}. */
  public BlockingCall<List<StreamEntries>> readGroup(ReadArgs args) {
    return new BlockingCall<>(
        server,
        engine,
        new BlockingCall.Command<>(
            GroupRead.called(args),
            args.block() == null ? null : GroupRead.blockMillis(args),
            null,
            () -> GroupRead.run(keyspace, args, server.now())));
  }

  /**
   * XSETID.
   *
   * @param entriesAdded ENTRIESADDED, or null
   * @param maxDeletedId MAXDELETEDID, or null
   */
  public void setId(
      String key, EntryId id, @Nullable Long entriesAdded, @Nullable EntryId maxDeletedId) {
    server.call(
        engine,
        Called.on("XSETID", key),
        () -> {
          SetId.run(keyspace, key, id, entriesAdded, maxDeletedId);
          return true;
        });
  }

  /**
   * XINFO STREAM FULL, or DUMP: null if there is no such key.
   *
   * @param entries how many entries at most
   */
  public @Nullable StreamSnapshot snapshot(String key, long entries) {
    return server.<StreamSnapshot>call(
        engine,
        Called.on("XINFO STREAM", key),
        () -> {
          StreamData stream = keyspace.stream(key);
          return stream == null ? null : Snapshots.of(stream, entries);
        });
  }

  /** RESTORE: {@code BUSYKEY} if the key is there and must not be replaced. */
  public void restore(String key, StreamSnapshot snapshot, boolean replace) {
    server.call(
        engine,
        Called.on("RESTORE", key),
        () -> {
          if (!replace && keyspace.value(key) != null) {
            throw Errors.busyKey();
          }
          keyspace.put(key, Snapshots.restore(snapshot, keyspace.limits));
          return true;
        });
  }
}
