package io.millstream.engine.memory;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.millstream.engine.AddArgs;
import io.millstream.engine.AdminSteps.Names;
import io.millstream.engine.AdminSteps.Redrive;
import io.millstream.engine.AdminSteps.Redriven;
import io.millstream.engine.AtomicSteps;
import io.millstream.entry.Entry;
import io.millstream.entry.EntryId;
import io.millstream.entry.Fields;
import java.time.Duration;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One redrive of dead letters. Wants the server's lock. */
final class Redriving {
  /** What every visibility timeout is at most: any worker may claim it at once. */
  private static final Duration AT_ONCE = Duration.ofHours(24);

  private static final Pattern ID = Pattern.compile("\\d+-\\d+");

  private final Keyspace keyspace;
  private final Redrive asked;
  private final Names names;
  private final StreamGroup place;
  private final long now;

  Redriving(Keyspace keyspace, Redrive asked, long now) {
    this.keyspace = keyspace;
    this.asked = asked;
    this.names = asked.names();
    this.place = keyspace.required(asked.stream(), asked.group());
    this.now = now;
  }

  /** What the story of a dead letter says: where it begins, and which entry it tells of. */
  private record Story(int start, EntryId id) {}

  Redriven one(EntryId letterId) {
    StreamData source = keyspace.stream(asked.source());
    Entry letter = source == null ? null : source.find(letterId);
    if (source == null || letter == null) {
      return Redriven.ABSENT;
    }
    Story story = storyOf(letter.fields());
    if (story == null) {
      return Redriven.FOREIGN;
    }
    Redriven deed = whatToDo(story);
    if (asked.dryRun() || deed == Redriven.HELD || deed == Redriven.EMPTY) {
      return deed;
    }
    if (deed == Redriven.IN_PLACE) {
      putInPlace(story.id());
    } else if (deed == Redriven.ADDED) {
      addAgain(story, letter.fields());
    }
    source.delete(letterId);
    return deed;
  }

  private @Nullable Story storyOf(Fields fields) {
    int start = lastField(fields, names.stream(), 0);
    if (start < 0 || !Arrays.equals(fields.value(start), asked.stream().getBytes(UTF_8))) {
      return null;
    }
    int id = lastField(fields, names.id(), start);
    int group = lastField(fields, names.group(), start);
    if (id < 0 || group < 0 || !Arrays.equals(fields.value(group), asked.group().getBytes(UTF_8))) {
      return null;
    }
    String text = new String(fields.value(id), US_ASCII);
    return ID.matcher(text).matches() ? new Story(start, EntryId.parse(text)) : null;
  }

  private static int lastField(Fields fields, String name, int from) {
    for (int i = fields.size() - 1; i >= from; i--) {
      if (isNamed(fields, i, name)) {
        return i;
      }
    }
    return -1;
  }

  private static boolean isNamed(Fields fields, int i, String name) {
    return Arrays.equals(fields.nameBytes(i), name.getBytes(UTF_8));
  }

  private Redriven whatToDo(Story story) {
    boolean pending = place.group().pending().containsKey(story.id());
    if (place.stream().find(story.id()) == null) {
      if (pending) {
        return Redriven.HELD;
      }
      return story.start() > 0 ? Redriven.ADDED : Redriven.EMPTY;
    }
    if (pending) {
      return Redriven.PENDING;
    }
    return story.id().compareTo(place.group().lastId) > 0 ? Redriven.UNREAD : Redriven.IN_PLACE;
  }

  private void putInPlace(EntryId id) {
    ConsumerData parking = place.group().seen(AtomicSteps.RELEASED, now);
    parking.activeAt = now;
    place.group().add(new PendingRow(id, parking, Claims.backdated(AT_ONCE, now), 0));
  }

  /** One that was added again before has its mark already. */
  private void addAgain(Story story, Fields letter) {
    Fields.Builder again = Fields.builder();
    for (int i = 0; i < story.start(); i++) {
      again.add(letter.nameBytes(i), letter.value(i));
    }
    if (!isNamed(letter, story.start() - 1, names.markGroup())) {
      again.add(names.markId(), story.id().toString()).add(names.markGroup(), asked.group());
    }
    Add.run(keyspace, asked.stream(), again.build(), AddArgs.AUTO, now);
  }
}
