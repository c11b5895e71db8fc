package io.millstream.test;

import io.millstream.codec.MessageStream;
import io.millstream.engine.memory.InMemoryServer;
import io.millstream.engine.memory.StreamSnapshot;
import io.millstream.engine.memory.VirtualScheduler;
import io.millstream.entry.EntryId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** What the processes of one test share: a clock, a server, and what was seen of them. */
final class World {
  private static final Duration LONGEST_STOP = Duration.ofMinutes(10);

  private record Letter(String key, EntryId id) {}

  final VirtualScheduler time = VirtualScheduler.create();
  final InMemoryServer server = InMemoryServer.create(time);
  final Journal journal = new Journal(server::time);
  final Random random;
  private final List<TestProcess> processes = new ArrayList<>();
  private final Set<Letter> lettersLookedAt = new HashSet<>();
  private @Nullable Set<Leftover> forbidden;
  private boolean closed;

  World(long seed) {
    this.random = new Random(seed);
  }

  TestProcess newProcess() {
    TestProcess process = new TestProcess(this);
    processes.add(process);
    return process;
  }

  void advance(Duration duration) {
    time.advance(duration);
    if (!time.errors().isEmpty()) {
      throw new AssertionError("a task failed while time passed", time.errors().get(0));
    }
  }

  void forbidAllBut(Leftover... allowed) {
    Set<Leftover> all = EnumSet.allOf(Leftover.class);
    all.removeAll(Set.of(allowed));
    forbidden = all;
  }

  /** The dead letters of a group, oldest first; nobody has looked at them by that. */
  <T> List<DeadLetter<T>> deadLetters(MessageStream<T> stream, String group) {
    StreamSnapshot letters = server.look(stream.deadLetterKey(group));
    return letters == null
        ? List.of()
        : letters.entries().stream().map(entry -> new DeadLetter<>(stream, entry)).toList();
  }

  /** The test has seen these dead letters, and with them why their messages failed. */
  void lookAt(Place place, List<? extends DeadLetter<?>> letters) {
    for (DeadLetter<?> letter : letters) {
      lettersLookedAt.add(
          new Letter(letter.stream().deadLetterKey(place.group()), letter.entry().id()));
      journal.lookAt(place, letter.id());
    }
  }

  boolean lookedAt(Place place, DeadLetter<?> letter) {
    return lettersLookedAt.contains(
        new Letter(letter.stream().deadLetterKey(place.group()), letter.entry().id()));
  }

  /** Lets time pass until it completes. */
  void await(Mono<Void> stopping) {
    AtomicBoolean stopped = new AtomicBoolean();
    stopping.subscribe(null, null, () -> stopped.set(true));
    for (Duration passed = Duration.ZERO; !stopped.get(); passed = passed.plusSeconds(1)) {
      if (passed.compareTo(LONGEST_STOP) > 0) {
        throw new AssertionError("workers did not stop within " + LONGEST_STOP);
      }
      advance(Duration.ofSeconds(1));
    }
  }

  /** Looks at what was left behind, and stops everything. */
  void close() {
    if (closed) {
      return;
    }
    closed = true;
    AssertionError leftovers = forbidden == null ? null : leftovers(forbidden);
    try {
      await(Mono.when(processes.stream().map(TestProcess::stop).toList()));
    } catch (RuntimeException | AssertionError e) {
      if (leftovers != null) {
        e.addSuppressed(leftovers);
      }
      throw e;
    }
    if (leftovers != null) {
      throw leftovers;
    }
  }

  private @Nullable AssertionError leftovers(Set<Leftover> kinds) {
    try {
      advance(Duration.ZERO); // what is due now would have happened
    } catch (AssertionError e) {
      return e; // everything is to be stopped all the same
    }
    return new Leftovers(this, kinds).found();
  }
}
