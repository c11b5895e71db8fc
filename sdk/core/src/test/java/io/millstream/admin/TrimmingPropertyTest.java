package io.millstream.admin;

import static io.millstream.admin.Town.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.millstream.Millstream;
import io.millstream.codec.MessageStream;
import io.millstream.engine.AtomicSteps;
import io.millstream.engine.ClaimArgs;
import io.millstream.engine.CreateArgs;
import io.millstream.engine.Engine;
import io.millstream.engine.ReadArgs;
import io.millstream.engine.Reader;
import io.millstream.engine.memory.InMemoryServer;
import io.millstream.engine.memory.VirtualScheduler;
import io.millstream.entry.Entry;
import io.millstream.entry.EntryId;
import io.millstream.entry.Fields;
import io.millstream.testing.TestRedis;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Whatever three groups do, one of them slowly, and whatever is trimmed and deleted after an
 * acknowledgement meanwhile: what some group has not acknowledged stands.
 */
class TrimmingPropertyTest {
  @Test
  void trimmingInMemoryLosesNothingThatAGroupNeeds() {
    long deleted = 0;
    for (long seed = 0; seed < 200; seed++) {
      VirtualScheduler time = VirtualScheduler.create();
      Engine engine = InMemoryServer.create(time).connect();
      StreamAdmin admin = new StreamAdmin(engine, time);
      deleted +=
          new Play(engine, admin, "jobs", seed).run(300, () -> time.advance(Duration.ofMillis(3)));
    }
    assertThat(deleted).isPositive();
  }

  @Test
  @Tag("redis")
  void trimmingOnRedisLosesNothingThatAGroupNeeds() {
    try (Millstream millstream = Millstream.connect(TestRedis.uri())) {
      long deleted = 0;
      for (int round = 0; round < 10; round++) {
        long seed = 2 * System.nanoTime() + round % 2;
        deleted +=
            new Play(millstream.engine(), millstream.admin(), TestRedis.key(), seed)
                .run(300, () -> {});
      }
      assertThat(deleted).isPositive();
    }
  }

  /** Random deeds, and a model of what each group still needs. */
  private static final class Play {
    private static final List<String> GROUPS = List.of("fast", "steady", "slow");

    private final Engine engine;
    private final StreamAdmin admin;
    private final MessageStream<String> stream;
    private final String label;
    private final Random chance;
    private final Set<EntryId> published = new TreeSet<>();
    private final Map<String, Set<EntryId>> settled = new HashMap<>();
    private final Map<String, List<EntryId>> held = new HashMap<>();
    private final Reader reader;
    private long removed;
    private long deleted;

    Play(Engine engine, StreamAdmin admin, String key, long seed) {
      this.engine = engine;
      this.admin = admin;
      this.stream = MessageStream.string(key);
      this.label = "seed " + seed;
      this.chance = new Random(seed);
      this.reader = get(engine.openReader());
      for (String group : GROUPS) {
        create(group);
        settled.put(group, new HashSet<>());
        held.put(group, new ArrayList<>());
      }
      if (seed % 2 == 0) {
        create("dead");
      }
    }

    private List<EntryId> held(String group) {
      return Objects.requireNonNull(held.get(group));
    }

    private Set<EntryId> settled(String group) {
      return Objects.requireNonNull(settled.get(group));
    }

    private void create(String group) {
      CreateArgs fromTheStart = CreateArgs.from("0");
      get(engine.groups().create(stream.name(), group, fromTheStart).thenReturn(true));
    }

    long run(int deeds, Runnable pass) {
      for (int i = 0; i < deeds; i++) {
        switch (chance.nextInt(6)) {
          case 0, 1 -> publish(1 + chance.nextInt(5));
          case 2 -> read(group());
          case 3 -> acknowledge(group());
          case 4 -> claim(group());
          default -> trim();
        }
        checkNothingIsLost();
        pass.run();
      }
      for (String group : GROUPS) {
        while (read(group) > 0) {
          assertThat(held(group)).as(label).isNotEmpty();
        }
        acknowledge(group);
        while (!held(group).isEmpty()) {
          acknowledge(group);
        }
        assertThat(settled(group)).as(label + ", what " + group + " got").isEqualTo(published);
      }
      trim();
      assertThat(removed).as(label).isPositive();
      reader.close().block();
      return deleted;
    }

    /** The slow one gets its turn seldom. */
    private String group() {
      return GROUPS.get(chance.nextInt(10) < 9 ? chance.nextInt(2) : 2);
    }

    private void publish(int count) {
      for (int i = 0; i < count; i++) {
        published.add(get(engine.streams().add(stream.name(), Fields.of("payload", "x"))));
      }
    }

    private int read(String group) {
      int count = 1 + chance.nextInt(20);
      List<Entry> entries =
          reader
              .read(ReadArgs.fresh(stream.name(), group, "c", count, null))
              .map(streams -> streams.get(0).entries())
              .blockOptional()
              .orElse(List.of());
      entries.forEach(entry -> held(group).add(entry.id()));
      return entries.size();
    }

    private void acknowledge(String group) {
      List<EntryId> mine = held(group);
      if (mine.isEmpty()) {
        return;
      }
      EntryId one = mine.remove(chance.nextInt(mine.size()));
      if (chance.nextBoolean()) {
        assertThat(get(engine.groups().ack(stream.name(), group, List.of(one)))).isEqualTo(1);
      } else {
        AtomicSteps.Deleted done =
            get(engine.steps().acknowledgeAndDelete(stream.name(), group, List.of(one)));
        assertThat(done.acknowledged()).isEqualTo(1);
        deleted += done.deleted();
      }
      settled(group).add(one);
    }

    /** Another worker takes over: it must find the entry, not a row without one. */
    private void claim(String group) {
      List<EntryId> mine = held(group);
      if (mine.isEmpty()) {
        return;
      }
      List<EntryId> one = List.of(mine.get(chance.nextInt(mine.size())));
      assertThat(
              get(
                  engine
                      .groups()
                      .claimJustId(stream.name(), group, "d", Duration.ZERO, one, ClaimArgs.NONE)))
          .as(label)
          .isEqualTo(one);
    }

    private void trim() {
      TrimLimit limit =
          chance.nextBoolean()
              ? TrimLimit.length(chance.nextInt(10))
              : TrimLimit.age(Duration.ofMillis(chance.nextInt(50)));
      TrimProgress done = get(admin.trim(stream, limit.ignoring("dead")).last());
      removed += done.removed();
    }

    private void checkNothingIsLost() {
      Set<EntryId> standing = new HashSet<>();
      get(engine.streams().range(stream.name(), "-", "+", null))
          .forEach(entry -> standing.add(entry.id()));
      for (String group : GROUPS) {
        Set<EntryId> needed = new HashSet<>(published);
        needed.removeAll(settled(group));
        assertThat(standing).as(label + ", what " + group + " needs").containsAll(needed);
      }
    }
  }
}
