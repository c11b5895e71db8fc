package io.millstream.engine.lettuce;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.millstream.engine.TrimArgs;
import io.millstream.entry.EntryId;
import io.millstream.entry.Fields;
import java.time.Duration;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** A command's name and arguments. Once built it may be sent any number of times. */
final class Call {
  private final CommandType command;
  private final CommandArgs<byte[], byte[]> args = new CommandArgs<>(ByteArrayCodec.INSTANCE);
  private byte @Nullable [] firstKey;

  private Call(CommandType command) {
    this.command = command;
  }

  static Call of(CommandType command, String... words) {
    Call call = new Call(command);
    for (String word : words) {
      call.word(word);
    }
    return call;
  }

  CommandType command() {
    return command;
  }

  CommandArgs<byte[], byte[]> args() {
    return args;
  }

  /** What a cluster is cut by: a key, or the name of a channel. */
  Call key(String key) {
    byte[] bytes = key.getBytes(UTF_8);
    if (firstKey == null) {
      firstKey = bytes;
    }
    args.addKey(bytes);
    return this;
  }

  /** The first key, by which a cluster knows whose it is; null if there is none. */
  byte @Nullable [] firstKey() {
    return firstKey;
  }

  Call word(String word) {
    args.add(word);
    return this;
  }

  Call number(long number) {
    args.add(number);
    return this;
  }

  Call id(EntryId id) {
    return word(id.toString());
  }

  Call ids(Collection<EntryId> ids) {
    ids.forEach(this::id);
    return this;
  }

  Call fields(Fields fields) {
    for (int i = 0; i < fields.size(); i++) {
      args.add(fields.nameBytes(i)).add(fields.value(i));
    }
    return this;
  }

  Call trim(TrimArgs trim) {
    word(trim.strategy().name()).word(trim.approximate() ? "~" : "=").word(trim.threshold());
    Long limit = trim.limit();
    return limit == null ? this : word("LIMIT").number(limit);
  }

  /** In milliseconds, rounded up: a BLOCK of half a millisecond must not become one without end. */
  Call millis(Duration duration) {
    return number(roundedUp(duration));
  }

  private static long roundedUp(Duration duration) {
    long millis = duration.toMillis();
    return duration.toNanosPart() % 1_000_000 == 0 ? millis : millis + 1;
  }

  /** The name only: arguments may be payload. */
  @Override
  public String toString() {
    return command.name();
  }
}
