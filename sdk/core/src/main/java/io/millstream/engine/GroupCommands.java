package io.millstream.engine;

import io.millstream.entry.Entry;
import io.millstream.entry.EntryId;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * The commands of a consumer group, but for XREADGROUP, which belongs to a {@link Reader}.
 * Durations are sent in milliseconds.
 *
 * @since 0.1
 */
public interface GroupCommands {
  /** XGROUP CREATE. {@code BUSYGROUP} if it is there already. */
  Mono<Void> create(String key, String group, CreateArgs args);

  /** XGROUP DESTROY: whether there was one. */
  Mono<Boolean> destroy(String key, String group);

  /** XGROUP SETID; {@code id} as for {@link CreateArgs}. {@code entriesRead} wants Redis 7.0. */
  Mono<Void> setId(String key, String group, String id, @Nullable Long entriesRead);

  /** XGROUP CREATECONSUMER: whether it is new. */
  Mono<Boolean> createConsumer(String key, String group, String consumer);

  /**
   * XGROUP DELCONSUMER: how many pending entries went with it. <b>They are never redelivered</b>:
   * use {@link AtomicSteps#removeConsumer} instead.
   */
  Mono<Long> deleteConsumer(String key, String group, String consumer);

  /** XACK: how many were pending. */
  Mono<Long> ack(String key, String group, Collection<EntryId> ids);

  /** XPENDING key group. */
  Mono<PendingSummary> pending(String key, String group);

  /** XPENDING key group [IDLE ms] start end count [consumer]. */
  Mono<List<PendingEntry>> pending(String key, String group, PendingArgs args);

  /** XCLAIM. Deleted entries are left out. */
  Mono<List<Entry>> claim(
      String key,
      String group,
      String consumer,
      Duration minIdle,
      Collection<EntryId> ids,
      ClaimArgs args);

  /** XCLAIM ... JUSTID: does not count a delivery. */
  Mono<List<EntryId>> claimJustId(
      String key,
      String group,
      String consumer,
      Duration minIdle,
      Collection<EntryId> ids,
      ClaimArgs args);

  /** XAUTOCLAIM. {@code count} null means 100, Redis's default. */
  Mono<AutoClaimed<Entry>> autoClaim(
      String key,
      String group,
      String consumer,
      Duration minIdle,
      EntryId start,
      @Nullable Long count);

  /** XAUTOCLAIM ... JUSTID: does not count a delivery. */
  Mono<AutoClaimed<EntryId>> autoClaimJustId(
      String key,
      String group,
      String consumer,
      Duration minIdle,
      EntryId start,
      @Nullable Long count);

  /** XINFO GROUPS. {@code ERR no such key} if there is no stream. */
  Mono<List<GroupInfo>> infoGroups(String key);

  /** XINFO CONSUMERS. */
  Mono<List<ConsumerInfo>> infoConsumers(String key, String group);
}
