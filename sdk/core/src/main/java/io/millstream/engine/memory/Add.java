package io.millstream.engine.memory;

import io.millstream.engine.AddArgs;
import io.millstream.engine.TrimArgs;
import io.millstream.entry.EntryId;
import io.millstream.entry.Fields;
import org.jspecify.annotations.Nullable;

/** XADD. */
final class Add {
  private static final int LEAST_ARGUMENTS = 5; // XADD key id field value
  private static final String ANY_SEQUENCE = "-*";

  private Add() {}

  /** Appends an entry; null if the stream is missing and must not be made. */
  static @Nullable EntryId run(
      Keyspace keyspace, String key, Fields fields, AddArgs args, long now) {
    if (argumentCount(fields, args) < LEAST_ARGUMENTS) {
      throw Errors.arguments("xadd");
    }
    Trim trim = args.trim() == null ? null : Trim.parse(args.trim(), keyspace.limits);
    EntryId given = parse(args.id());
    if (args.trim() != null) {
      Trim.requireLimitAllowed(args.trim());
    }
    if (fields.isEmpty()) {
      throw Errors.arguments("xadd");
    }
    boolean fixed = !args.id().endsWith(ANY_SEQUENCE);
    if (given != null && fixed && given.equals(EntryId.MIN)) {
      throw Errors.err("The ID specified in XADD must be greater than 0-0");
    }
    if (args.noMkStream() && keyspace.stream(key) == null) {
      return null;
    }
    StreamData stream = keyspace.streamOrCreate(key);
    if (stream.lastId().equals(EntryId.MAX)) {
      throw Errors.err("The stream has exhausted the last possible ID, unable to add more items");
    }
    EntryId id = given == null ? stream.nextId(now) : fixed ? given : inMillis(given.ms(), stream);
    if (id.compareTo(stream.lastId()) <= 0) {
      throw Errors.err(
          "The ID specified in XADD is equal or smaller than the target stream top item");
    }
    stream.append(id, fields);
    if (trim != null) {
      stream.trim(trim);
    }
    keyspace.changed(key);
    return id;
  }

  /** The next id of that millisecond; at its last, that one again, which is too small. */
  private static EntryId inMillis(long ms, StreamData stream) {
    EntryId last = stream.lastId();
    if (last.ms() != ms) {
      return new EntryId(ms, 0);
    }
    return last.seq() == -1L ? last : last.next();
  }

  /** The id, with sequence 0 if any will do; null if the whole id is to be made. */
  private static @Nullable EntryId parse(String id) {
    if (id.equals("*")) {
      return null;
    }
    return id.endsWith(ANY_SEQUENCE)
        ? Ids.strict(id.substring(0, id.length() - ANY_SEQUENCE.length()) + "-0")
        : Ids.strict(id);
  }

  private static int argumentCount(Fields fields, AddArgs args) {
    TrimArgs trim = args.trim();
    int trimming =
        trim == null ? 0 : 2 + (trim.approximate() ? 1 : 0) + (trim.limit() == null ? 0 : 2);
    return 3 + 2 * fields.size() + (args.noMkStream() ? 1 : 0) + trimming;
  }
}
