package io.millstream.engine.memory;

import io.millstream.engine.AddArgs;
import io.millstream.engine.AtomicSteps.DeadLetter;
import io.millstream.entry.Entry;
import io.millstream.entry.EntryId;
import io.millstream.entry.Fields;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The dead-letter stream, as the step sees it. All methods want the server's lock. */
final class DeadLetters {
  private static final int LOOKED_AT = 100;

  private final Keyspace keyspace;

  DeadLetters(Keyspace keyspace) {
    this.keyspace = keyspace;
  }

  /** XADD: the original fields as far as they are known, then the story. */
  void write(DeadLetter letter, @Nullable Entry entry, long now) {
    Fields original = letter.original();
    if (original == null) {
      original = entry == null ? Fields.EMPTY : entry.fields();
    }
    Add.run(keyspace, letter.target(), original.plus(letter.story()), AddArgs.AUTO, now);
  }

  /** Whether one of the last 100 dead letters is of this entry. */
  boolean hasRecent(DeadLetter letter) {
    StreamData target = keyspace.stream(letter.target());
    if (target == null) {
      return false;
    }
    byte[] name = letter.idField().getBytes(StandardCharsets.UTF_8);
    byte[] id = letter.held().id().toString().getBytes(StandardCharsets.US_ASCII);
    return target.reverseRange(EntryId.MIN, EntryId.MAX, LOOKED_AT).stream()
        .anyMatch(entry -> has(entry.fields(), name, id));
  }

  /** The story comes last, so the last field of that name is the one that counts. */
  private static boolean has(Fields fields, byte[] name, byte[] value) {
    for (int i = fields.size() - 1; i >= 0; i--) {
      if (Arrays.equals(fields.nameBytes(i), name)) {
        return Arrays.equals(fields.value(i), value);
      }
    }
    return false;
  }
}
