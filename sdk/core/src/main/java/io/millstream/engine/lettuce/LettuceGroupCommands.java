package io.millstream.engine.lettuce;

import static io.lettuce.core.protocol.CommandType.XACK;
import static io.lettuce.core.protocol.CommandType.XAUTOCLAIM;
import static io.lettuce.core.protocol.CommandType.XCLAIM;
import static io.lettuce.core.protocol.CommandType.XGROUP;
import static io.lettuce.core.protocol.CommandType.XINFO;
import static io.lettuce.core.protocol.CommandType.XPENDING;

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

/** The commands of a consumer group, one Redis command each. */
final class LettuceGroupCommands implements GroupCommands {
  private final Sender sender;

  LettuceGroupCommands(Sender sender) {
    this.sender = sender;
  }

  @Override
  public Mono<Void> create(String key, String group, CreateArgs args) {
    Call call = Call.of(XGROUP, "CREATE").key(key).word(group).word(args.start());
    if (args.mkStream()) {
      call.word("MKSTREAM");
    }
    return sender.send(entriesRead(call, args.entriesRead())).then();
  }

  @Override
  public Mono<Boolean> destroy(String key, String group) {
    return sender.send(Call.of(XGROUP, "DESTROY").key(key).word(group), Decode::flag);
  }

  @Override
  public Mono<Void> setId(String key, String group, String id, @Nullable Long entriesRead) {
    Call call = Call.of(XGROUP, "SETID").key(key).word(group).word(id);
    return sender.send(entriesRead(call, entriesRead)).then();
  }

  private static Call entriesRead(Call call, @Nullable Long entriesRead) {
    return entriesRead == null ? call : call.word("ENTRIESREAD").number(entriesRead);
  }

  @Override
  public Mono<Boolean> createConsumer(String key, String group, String consumer) {
    Call call = Call.of(XGROUP, "CREATECONSUMER").key(key).word(group).word(consumer);
    return sender.send(call, Decode::flag);
  }

  @Override
  public Mono<Long> deleteConsumer(String key, String group, String consumer) {
    Call call = Call.of(XGROUP, "DELCONSUMER").key(key).word(group).word(consumer);
    return sender.send(call, Decode::number);
  }

  @Override
  public Mono<Long> ack(String key, String group, Collection<EntryId> ids) {
    return sender.send(Call.of(XACK).key(key).word(group).lastIds(ids), Decode::number);
  }

  @Override
  public Mono<PendingSummary> pending(String key, String group) {
    return sender.send(Call.of(XPENDING).key(key).word(group), Decode::pendingSummary);
  }

  @Override
  public Mono<List<PendingEntry>> pending(String key, String group, PendingArgs args) {
    Call call = Call.of(XPENDING).key(key).word(group);
    Duration minIdle = args.minIdle();
    if (minIdle != null) {
      call.word("IDLE").millis(minIdle);
    }
    call.word(args.start()).word(args.end()).number(args.count());
    String consumer = args.consumer();
    if (consumer != null) {
      call.word(consumer);
    }
    return sender.send(call, Decode::pendingEntries);
  }

  @Override
  public Mono<List<Entry>> claim(
      String key,
      String group,
      String consumer,
      Duration minIdle,
      Collection<EntryId> ids,
      ClaimArgs args) {
    return sender.send(claimCall(key, group, consumer, minIdle, ids, args), Decode::entries);
  }

  @Override
  public Mono<List<EntryId>> claimJustId(
      String key,
      String group,
      String consumer,
      Duration minIdle,
      Collection<EntryId> ids,
      ClaimArgs args) {
    Call call = claimCall(key, group, consumer, minIdle, ids, args).word("JUSTID");
    return sender.send(call, Decode::ids);
  }

  private static Call claimCall(
      String key,
      String group,
      String consumer,
      Duration minIdle,
      Collection<EntryId> ids,
      ClaimArgs args) {
    Call call = Call.of(XCLAIM).key(key).word(group).word(consumer).millis(minIdle).ids(ids);
    Duration idle = args.idle();
    if (idle != null) {
      call.word("IDLE").millis(idle);
    }
    Long time = args.timeMillis();
    if (time != null) {
      call.word("TIME").number(time);
    }
    Long retryCount = args.retryCount();
    if (retryCount != null) {
      call.word("RETRYCOUNT").number(retryCount);
    }
    if (args.force()) {
      call.word("FORCE");
    }
    EntryId lastId = args.lastId();
    return lastId == null ? call : call.word("LASTID").id(lastId);
  }

  @Override
  public Mono<AutoClaimed<Entry>> autoClaim(
      String key,
      String group,
      String consumer,
      Duration minIdle,
      EntryId start,
      @Nullable Long count) {
    return sender.send(
        autoClaimCall(key, group, consumer, minIdle, start, count),
        tree -> Decode.autoClaimed(tree, Decode::entry));
  }

  @Override
  public Mono<AutoClaimed<EntryId>> autoClaimJustId(
      String key,
      String group,
      String consumer,
      Duration minIdle,
      EntryId start,
      @Nullable Long count) {
    return sender.send(
        autoClaimCall(key, group, consumer, minIdle, start, count).word("JUSTID"),
        tree -> Decode.autoClaimed(tree, Decode::id));
  }

  private static Call autoClaimCall(
      String key,
      String group,
      String consumer,
      Duration minIdle,
      EntryId start,
      @Nullable Long count) {
    Call call = Call.of(XAUTOCLAIM).key(key).word(group).word(consumer).millis(minIdle).id(start);
    return count == null ? call : call.word("COUNT").number(count);
  }

  @Override
  public Mono<List<GroupInfo>> infoGroups(String key) {
    return sender.send(Call.of(XINFO, "GROUPS").key(key), Decode::groupInfos);
  }

  @Override
  public Mono<List<ConsumerInfo>> infoConsumers(String key, String group) {
    return sender.send(Call.of(XINFO, "CONSUMERS").key(key).word(group), Decode::consumerInfos);
  }
}
