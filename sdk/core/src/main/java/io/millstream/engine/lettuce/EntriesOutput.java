package io.millstream.engine.lettuce;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.CommandOutput;
import io.millstream.engine.RedisException;
import io.millstream.engine.StreamEntries;
import io.millstream.entry.Entry;
import io.millstream.entry.EntryId;
import io.millstream.entry.Fields;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The reply of XREADGROUP, decoded as its bytes come: what most replies consist of, so there is no
 * tree in between. An array of pairs under RESP2, a map under RESP3:
 *
 * <pre>{@code
 * [[key, [[id, [name, value, ...]], [id, nil], ...]], ...]
 * {key: [[id, [name, value, ...]], ...], ...}
 * }</pre>
 *
 * <p>Used by the event loop alone, until the reply is complete. A reply of another shape is an
 * error, which Lettuce hands to the command.
 */
final class EntriesOutput extends CommandOutput<byte[], byte[], @Nullable Object> {
  /**
   * Larger lists and arrays grow as their elements come: the announced size is only the server's
   * word.
   */
  private static final int LARGEST_PREALLOCATION = 1024;

  private static final int LONGEST_ID = 41;

  private enum Next {
    REPLY,
    PAIR,
    KEY,
    ENTRIES,
    ENTRY,
    ID,
    FIELDS,
    FIELD,
    NOTHING
  }

  private final List<StreamEntries> streams = new ArrayList<>(1);
  private Next next = Next.REPLY;
  private boolean pairs;
  private int streamsLeft;
  private String key = "";
  private List<Entry> entries = List.of();
  private int entriesLeft;
  private EntryId id = EntryId.MIN;
  private byte[][] flat = {};
  private byte[][] flatBefore = {}; // entries mostly have the names of the one before
  private int filled;
  private int fieldsLeft;
  private final byte[] idText = new byte[LONGEST_ID];

  EntriesOutput() {
    super(ByteArrayCodec.INSTANCE, null);
  }

  @Override
  public void multiMap(int size) {
    require(next == Next.REPLY);
    reply(size, false);
  }

  @Override
  public void multi(int size) {
    switch (next) {
      case REPLY -> {
        if (size >= 0) { // else nil
          reply(size, true);
        }
      }
      case PAIR -> {
        require(size == 2);
        next = Next.KEY;
      }
      case ENTRIES -> {
        entriesLeft = Math.max(0, size);
        entries = new ArrayList<>(Math.min(entriesLeft, LARGEST_PREALLOCATION));
        nextEntry();
      }
      case ENTRY -> {
        require(size == 2);
        next = Next.ID;
      }
      case FIELDS -> {
        if (size <= 0) {
          entry(Fields.EMPTY);
          return;
        }
        flatBefore = flat;
        flat = new byte[Math.min(size, LARGEST_PREALLOCATION)][];
        fieldsLeft = size;
        filled = 0;
        next = Next.FIELD;
      }
      case KEY, ID, FIELD, NOTHING -> throw unexpected();
    }
  }

  @Override
  public void set(@Nullable ByteBuffer bytes) {
    switch (next) {
      case KEY -> {
        key = UTF_8.decode(present(bytes)).toString();
        next = Next.ENTRIES;
      }
      case ID -> {
        id = id(present(bytes));
        next = Next.FIELDS;
      }
      case FIELDS -> {
        require(bytes == null); // the entry was deleted
        entry(Fields.EMPTY);
      }
      case FIELD -> field(present(bytes));
      case REPLY -> require(bytes == null);
      case PAIR, ENTRIES, ENTRY, NOTHING -> throw unexpected();
    }
  }

  private void reply(int size, boolean asPairs) {
    pairs = asPairs;
    streamsLeft = size;
    nextStream();
  }

  private void nextStream() {
    if (streamsLeft-- > 0) {
      next = pairs ? Next.PAIR : Next.KEY;
    } else {
      output = streams;
      next = Next.NOTHING;
    }
  }

  private void nextEntry() {
    if (entriesLeft-- > 0) {
      next = Next.ENTRY;
    } else {
      streams.add(new StreamEntries(key, entries));
      nextStream();
    }
  }

  private void field(ByteBuffer bytes) {
    if (filled == flat.length) {
      flat = Arrays.copyOf(flat, Math.min(2 * filled, filled + fieldsLeft));
    }
    byte[] before = filled % 2 == 0 && filled < flatBefore.length ? flatBefore[filled] : null;
    flat[filled++] = before != null && same(before, bytes) ? before : copy(bytes);
    if (--fieldsLeft == 0) {
      entry(Fields.ofFlat(flat));
    }
  }

  private void entry(Fields fields) {
    entries.add(new Entry(id, fields));
    nextEntry();
  }

  private static boolean same(byte[] known, ByteBuffer bytes) {
    if (known.length != bytes.remaining()) {
      return false;
    }
    int start = bytes.position();
    for (int i = 0; i < known.length; i++) {
      if (known[i] != bytes.get(start + i)) {
        return false;
      }
    }
    return true;
  }

  private static byte[] copy(ByteBuffer bytes) {
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(copy);
    return copy;
  }

  private EntryId id(ByteBuffer bytes) {
    int length = bytes.remaining();
    require(length <= LONGEST_ID);
    bytes.get(idText, 0, length);
    long[] parts = {0, 0};
    int part = 0;
    for (int i = 0; i < length; i++) {
      int digit = idText[i] - '0';
      if (digit >= 0 && digit <= 9) {
        parts[part] = parts[part] * 10 + digit;
      } else {
        require(idText[i] == '-' && part == 0);
        part = 1;
      }
    }
    return new EntryId(parts[0], parts[1]);
  }

  private static ByteBuffer present(@Nullable ByteBuffer bytes) {
    if (bytes == null) {
      throw unexpected();
    }
    return bytes;
  }

  private static void require(boolean holds) {
    if (!holds) {
      throw unexpected();
    }
  }

  private static RedisException unexpected() {
    return new RedisException("ERR", "unexpected reply to XREADGROUP");
  }

  /** Without the reply, which may be payload: Lettuce logs its outputs. */
  @Override
  public String toString() {
    return "EntriesOutput";
  }
}
