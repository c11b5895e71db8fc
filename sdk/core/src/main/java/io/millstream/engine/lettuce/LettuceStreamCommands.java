package io.millstream.engine.lettuce;

import static io.lettuce.core.protocol.CommandType.XADD;
import static io.lettuce.core.protocol.CommandType.XDEL;
import static io.lettuce.core.protocol.CommandType.XINFO;
import static io.lettuce.core.protocol.CommandType.XLEN;
import static io.lettuce.core.protocol.CommandType.XRANGE;
import static io.lettuce.core.protocol.CommandType.XREVRANGE;
import static io.lettuce.core.protocol.CommandType.XTRIM;

import io.lettuce.core.protocol.CommandType;
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

/** The commands of a stream, one Redis command each. */
final class LettuceStreamCommands implements StreamCommands {
  private final Sender sender;

  LettuceStreamCommands(Sender sender) {
    this.sender = sender;
  }

  @Override
  public Mono<EntryId> add(String key, Fields fields, AddArgs args) {
    Call call = Call.of(XADD).key(key);
    if (args.noMkStream()) {
      call.word("NOMKSTREAM");
    }
    TrimArgs trim = args.trim();
    if (trim != null) {
      call.trim(trim);
    }
    return sender.send(call.word(args.id()).fields(fields), Decode::id);
  }

  @Override
  public Mono<Long> length(String key) {
    return sender.send(Call.of(XLEN).key(key), Decode::number);
  }

  @Override
  public Mono<List<Entry>> range(String key, String start, String end, @Nullable Long count) {
    return range(XRANGE, key, start, end, count);
  }

  @Override
  public Mono<List<Entry>> reverseRange(
      String key, String end, String start, @Nullable Long count) {
    return range(XREVRANGE, key, end, start, count);
  }

  private Mono<List<Entry>> range(
      CommandType command, String key, String from, String to, @Nullable Long count) {
    Call call = Call.of(command).key(key).word(from).word(to);
    if (count != null) {
      call.word("COUNT").number(count);
    }
    return sender.send(call, Decode::entries);
  }

  @Override
  public Mono<Long> delete(String key, Collection<EntryId> ids) {
    return sender.send(Call.of(XDEL).key(key).ids(ids), Decode::number);
  }

  @Override
  public Mono<Long> trim(String key, TrimArgs args) {
    return sender.send(Call.of(XTRIM).key(key).trim(args), Decode::number);
  }

  @Override
  public Mono<StreamInfo> info(String key) {
    return sender.send(Call.of(XINFO, "STREAM").key(key), Decode::streamInfo);
  }
}
