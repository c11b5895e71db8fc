package io.millstream.engine.memory;

import io.millstream.engine.AutoClaimed;
import io.millstream.engine.ClaimArgs;
import io.millstream.engine.ConsumerInfo;
import io.millstream.engine.CreateArgs;
import io.millstream.engine.GroupCommands;
import io.millstream.engine.GroupInfo;
import io.millstream.engine.PendingArgs;
import io.millstream.engine.PendingEntry;
import io.millstream.engine.PendingSummary;
import io.millstream.entry.Entry;
import io.millstream.entry.EntryId;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** The commands of a consumer group: gives each its name at the gate. */
final class MemoryGroupCommands implements GroupCommands {
  private final MemoryEngine engine;
  private final Server server;
  private final GroupAdmin admin;
  private final PendingQueries pending;
  private final Claims claims;

  MemoryGroupCommands(MemoryEngine engine, Server server) {
    this.engine = engine;
    this.server = server;
    this.admin = new GroupAdmin(engine.keyspace);
    this.pending = new PendingQueries(engine.keyspace);
    this.claims = new Claims(engine.keyspace);
  }

  @Override
  public Mono<Void> create(String key, String group, CreateArgs args) {
    return engine.command(
        Called.on("XGROUP CREATE", key, group),
        () -> {
          admin.create(key, group, args);
          return null;
        });
  }

  @Override
  public Mono<Boolean> destroy(String key, String group) {
    return engine.command(Called.on("XGROUP DESTROY", key, group), () -> admin.destroy(key, group));
  }

  @Override
  public Mono<Void> setId(String key, String group, String id, @Nullable Long entriesRead) {
    return engine.command(
        Called.on("XGROUP SETID", key, group),
        () -> {
          admin.setId(key, group, id, entriesRead);
          return null;
        });
  }

  @Override
  public Mono<Boolean> createConsumer(String key, String group, String consumer) {
    return engine.command(
        Called.on("XGROUP CREATECONSUMER", key, group),
        () -> admin.existing(key, group).createConsumer(consumer, server.now()));
  }

  @Override
  public Mono<Long> deleteConsumer(String key, String group, String consumer) {
    return engine.command(
        Called.on("XGROUP DELCONSUMER", key, group),
        () -> admin.existing(key, group).deleteConsumer(consumer));
  }

  @Override
  public Mono<Long> ack(String key, String group, Collection<EntryId> ids) {
    return engine.command(
        Called.on("XACK", key, group),
        () -> {
          if (ids.isEmpty()) {
            throw Errors.arguments("xack");
          }
          StreamGroup place = engine.keyspace.group(key, group);
          return place == null ? 0L : ids.stream().filter(place.group()::remove).count();
        });
  }

  @Override
  public Mono<PendingSummary> pending(String key, String group) {
    return engine.command(Called.on("XPENDING", key, group), () -> pending.summary(key, group));
  }

  @Override
  public Mono<List<PendingEntry>> pending(String key, String group, PendingArgs args) {
    return engine.command(
        Called.on("XPENDING", key, group), () -> pending.rows(key, group, args, server.now()));
  }

  @Override
  public Mono<List<Entry>> claim(
      String key,
      String group,
      String consumer,
      Duration minIdle,
      Collection<EntryId> ids,
      ClaimArgs args) {
    return engine.command(
        Called.on("XCLAIM", key, group),
        () -> claims.claim(key, group, consumer, minIdle, ids, args, false, server.now()));
  }

  @Override
  public Mono<List<EntryId>> claimJustId(
      String key,
      String group,
      String consumer,
      Duration minIdle,
      Collection<EntryId> ids,
      ClaimArgs args) {
    return engine.command(
        Called.on("XCLAIM", key, group),
        () -> idsOf(claims.claim(key, group, consumer, minIdle, ids, args, true, server.now())));
  }

  @Override
  public Mono<AutoClaimed<Entry>> autoClaim(
      String key,
      String group,
      String consumer,
      Duration minIdle,
      EntryId start,
      @Nullable Long count) {
    return engine.command(
        Called.on("XAUTOCLAIM", key, group),
        () -> claims.autoClaim(key, group, consumer, minIdle, start, count, false, server.now()));
  }

  @Override
  public Mono<AutoClaimed<EntryId>> autoClaimJustId(
      String key,
      String group,
      String consumer,
      Duration minIdle,
      EntryId start,
      @Nullable Long count) {
    return engine.command(
        Called.on("XAUTOCLAIM", key, group),
        () -> {
          AutoClaimed<Entry> reply =
              claims.autoClaim(key, group, consumer, minIdle, start, count, true, server.now());
          return new AutoClaimed<>(reply.cursor(), idsOf(reply.claimed()), reply.deleted());
        });
  }

  private static List<EntryId> idsOf(List<Entry> entries) {
    return entries.stream().map(Entry::id).toList();
  }

  @Override
  public Mono<List<GroupInfo>> infoGroups(String key) {
    return engine.command(Called.on("XINFO GROUPS", key), () -> admin.groups(key));
  }

  @Override
  public Mono<List<ConsumerInfo>> infoConsumers(String key, String group) {
    return engine.command(
        Called.on("XINFO CONSUMERS", key, group), () -> admin.consumers(key, group, server.now()));
  }
}
