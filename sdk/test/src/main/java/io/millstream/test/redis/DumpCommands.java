package io.millstream.test.redis;

import io.millstream.engine.RedisException;
import io.millstream.engine.memory.StreamSnapshot;
import io.millstream.test.redis.Command.Flags;
import io.millstream.test.redis.Command.Keys;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** DUMP and RESTORE of streams. */
final class DumpCommands {
  private static final int FOOTER = 10; // version and checksum
  private static final int NEWEST_VERSION = 12; // what Redis 8.0 reads

  void addTo(CommandTable table) {
    table
        .add("dump", 2, Flags.READ, Keys.FIRST, DumpCommands::dump)
        .add("restore", -4, Flags.WRITE, Keys.FIRST, DumpCommands::restore);
  }

  private static Reply dump(Client client, Request request) {
    StreamSnapshot snapshot = client.database().streams().snapshot(request.text(1), Long.MAX_VALUE);
    return snapshot == null ? Reply.NIL : Reply.bulk(StreamDump.of(snapshot));
  }

  private static Reply restore(Client client, Request request) {
    boolean replace = false;
    for (int i = 4; i < request.size(); i++) {
      if (!request.is(i, "REPLACE")) {
        throw Failures.syntax();
      }
      replace = true;
    }
    if (!replace && client.database().keys().exists(request.text(1))) {
      throw RedisException.of("BUSYKEY Target key name already exists.");
    }
    long ttl = request.number(2);
    if (ttl < 0) {
      throw Failures.err("Invalid TTL value, must be >= 0");
    }
    if (ttl > 0) {
      throw Failures.err("keys do not expire in this Redis in memory: the TTL must be 0");
    }
    StreamSnapshot snapshot = read(request.bytes(3));
    client.database().streams().restore(request.text(1), snapshot, replace);
    return Reply.OK;
  }

  private static StreamSnapshot read(byte[] dump) {
    int body = dump.length - FOOTER;
    if (body < 1 || !isIntact(dump, body)) {
      throw Failures.err("DUMP payload version or checksum are wrong");
    }
    try {
      RdbReader in = new RdbReader(dump, 1, body - 1);
      StreamSnapshot snapshot = StreamRestore.read(dump[0], in);
      if (in.atEnd()) {
        return snapshot;
      }
    } catch (RuntimeException e) {
      throw Failures.err("Bad data format"); // whatever it was that could not be read
    }
    throw Failures.err("Bad data format");
  }

  private static boolean isIntact(byte[] dump, int body) {
    ByteBuffer footer = ByteBuffer.wrap(dump, body, FOOTER).order(ByteOrder.LITTLE_ENDIAN);
    int version = Short.toUnsignedInt(footer.getShort());
    return version <= NEWEST_VERSION && footer.getLong() == Crc64.of(dump, body + 2);
  }
}
