package io.millstream.engine.memory;

import io.millstream.engine.AddArgs;
import io.millstream.engine.StreamCommands;
import io.millstream.engine.StreamInfo;
import io.millstream.engine.TrimArgs;
import io.millstream.entry.Entry;
import io.millstream.entry.EntryId;
import io.millstream.entry.Fields;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** The commands of a stream. */
final class MemoryStreamCommands implements StreamCommands {
  private final MemoryEngine engine;
  private final Server server;

  MemoryStreamCommands(MemoryEngine engine, Server server) {
    this.engine = engine;
    this.server = server;
  }

  @Override
  public Mono<EntryId> add(String key, Fields fields, AddArgs args) {
    return engine.command(
        Called.on("XADD", key), () -> Add.run(engine.keyspace, key, fields, args, server.now()));
  }

  @Override
  public Mono<Long> length(String key) {
    return engine.command(
        Called.on("XLEN", key),
        () -> {
          StreamData stream = engine.keyspace.stream(key);
          return stream == null ? 0L : stream.length();
        });
  }

  @Override
  public Mono<List<Entry>> range(String key, String start, String end, @Nullable Long count) {
    return engine.command(
        Called.on("XRANGE", key),
        () -> {
          EntryId from = Ids.rangeStart(start);
          EntryId to = Ids.rangeEnd(end);
          StreamData stream = engine.keyspace.stream(key);
          if (stream == null) {
            return List.of();
          }
          return isNil(count) ? null : stream.range(from, to, limit(count));
        });
  }

  @Override
  public Mono<List<Entry>> reverseRange(
      String key, String end, String start, @Nullable Long count) {
    return engine.command(
        Called.on("XREVRANGE", key),
        () -> {
          EntryId from = Ids.rangeStart(start);
          EntryId to = Ids.rangeEnd(end);
          StreamData stream = engine.keyspace.stream(key);
          if (stream == null) {
            return List.of();
          }
          return isNil(count) ? null : stream.reverseRange(from, to, limit(count));
        });
  }

  private static boolean isNil(@Nullable Long count) {
    return count != null && count <= 0;
  }

  private static long limit(@Nullable Long count) {
    return count == null ? Long.MAX_VALUE : count;
  }

  @Override
  public Mono<Long> delete(String key, Collection<EntryId> ids) {
    return engine.command(
        Called.on("XDEL", key),
        () -> {
          if (ids.isEmpty()) {
            throw Errors.arguments("xdel");
          }
          StreamData stream = engine.keyspace.stream(key);
          return stream == null ? 0L : ids.stream().filter(stream::delete).count();
        });
  }

  @Override
  public Mono<Long> trim(String key, TrimArgs args) {
    return engine.command(
        Called.on("XTRIM", key),
        () -> {
          Trim trim = Trim.parse(args, engine.keyspace.limits);
          Trim.requireLimitAllowed(args);
          StreamData stream = engine.keyspace.stream(key);
          return stream == null ? 0L : stream.trim(trim);
        });
  }

  @Override
  public Mono<StreamInfo> info(String key) {
    return engine.command(
        Called.on("XINFO STREAM", key),
        () -> {
          StreamData stream = engine.keyspace.stream(key);
          if (stream == null) {
            throw Errors.noSuchKey();
          }
          return new StreamInfo(
              stream.length(),
              stream.lastId(),
              stream.maxDeletedId(),
              stream.added(),
              stream.groups().size(),
              stream.first(),
              stream.last());
        });
  }
}
