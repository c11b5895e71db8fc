package io.millstream.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millstream.codec.DeadLetterStory;
import io.millstream.codec.MessageStream;
import io.millstream.entry.EntryId;
import io.millstream.process.WorkerProcess.Option;
import io.millstream.testing.OwnRedis;
import io.millstream.testing.RespConnection;
import io.millstream.testing.TestRedis;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Workers are killed at random, one after the other, while somebody looks at the server without a
 * pause: at no moment is an entry neither unread, pending, settled nor dead-lettered.
 */
@Tag("trouble")
class NothingIsEverLostTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int MESSAGES = 1_500;
  private static final int KILLS = 4;

  /** The visibility timeout, a round, and what a busy machine may hold up a renewal by. */
  private static final Duration LONGEST_IDLE = Duration.ofSeconds(1 + 1 + 4);

  private final String stream = TestRedis.key();
  private final String dead = MessageStream.string(stream).deadLetterKey(WorkerProcess.GROUP);
  private final Map<EntryId, String> published = new HashMap<>();
  private final List<ChildWorker> all = new ArrayList<>();
  private int looks;
  private long longestIdle;

  @Test
  void everyIdIsAtAllTimesUnreadPendingSettledOrDeadLettered() throws Exception {
    long seed = System.nanoTime();
    System.out.println("invariants: seed " + seed);
    Random chance = new Random(seed);
    try (OwnRedis redis = TestRedis.startOwn();
        RespConnection admin = redis.connect()) {
      publish(admin);
      List<ChildWorker> alive = new ArrayList<>(List.of(start(redis), start(redis)));
      try {
        await().atMost(PATIENCE).until(() -> look(admin) && working(alive.get(0), alive.get(1)));
        for (int kill = 0; kill < KILLS; kill++) {
          int more = done().size() + 20 + chance.nextInt(100);
          await()
              .atMost(PATIENCE)
              .pollInterval(Duration.ofMillis(5))
              .until(() -> look(admin) && (done().size() >= more || settled(admin)));
          alive.remove(chance.nextInt(2)).kill();
          ChildWorker next = start(redis);
          alive.add(next);
          await().atMost(PATIENCE).until(() -> look(admin) && (working(next) || settled(admin)));
        }
        await()
            .atMost(PATIENCE)
            .pollInterval(Duration.ofMillis(20))
            .until(() -> look(admin) && settled(admin));
        for (ChildWorker worker : alive) {
          worker.kill();
        }
      } finally {
        all.forEach(ChildWorker::close);
      }
      checkTheEnd(admin);
    }
  }

  private void publish(RespConnection admin) {
    for (int i = 0; i < MESSAGES; i++) {
      String payload = (i % 10 == 9 ? "fails-" : "job-") + i;
      published.put(EntryId.parse(admin.text("XADD", stream, "*", "payload", payload)), payload);
    }
  }

  private ChildWorker start(OwnRedis redis) {
    ChildWorker worker =
        new ChildWorker(redis.uri(), stream, 8, 2 + KILLS, Map.of(Option.WORK, 40));
    all.add(worker);
    return worker;
  }

  private static boolean working(ChildWorker... workers) {
    for (ChildWorker worker : workers) {
      if (worker.starts().isEmpty()) {
        return false;
      }
    }
    return true;
  }

  private Set<EntryId> done() {
    Set<EntryId> done = new HashSet<>();
    all.forEach(worker -> done.addAll(worker.done()));
    return done;
  }

  /** One look: everything of one moment. */
  private record Snapshot(EntryId lastRead, Set<EntryId> pending, Set<EntryId> dead, long idle) {}

  private Snapshot snapshot(RespConnection admin) {
    admin.call("MULTI");
    admin.call("XINFO", "GROUPS", stream);
    admin.call("XPENDING", stream, WorkerProcess.GROUP, "-", "+", "10000");
    admin.call("XRANGE", dead, "-", "+");
    List<?> replies;
    try {
      replies = admin.list("EXEC");
    } catch (RespConnection.ReplyError e) {
      return new Snapshot(EntryId.MIN, Set.of(), Set.of(), 0);
    }
    if (!(replies.get(1) instanceof List<?> rows) || ((List<?>) replies.get(0)).isEmpty()) {
      return new Snapshot(EntryId.MIN, Set.of(), Set.of(), 0); // the group is not there yet
    }
    List<?> group = (List<?>) ((List<?>) replies.get(0)).get(0);
    Set<EntryId> pending = new HashSet<>();
    long idle = 0;
    for (Object row : rows) {
      pending.add(EntryId.parse((String) ((List<?>) row).get(0)));
      idle = Math.max(idle, (Long) ((List<?>) row).get(2));
    }
    Set<EntryId> letters = new HashSet<>();
    for (Object letter : (List<?>) replies.get(2)) {
      List<?> fields = (List<?>) ((List<?>) letter).get(1);
      letters.add(EntryId.parse((String) fields.get(fields.indexOf(DeadLetterStory.ID) + 1)));
    }
    return new Snapshot(
        EntryId.parse(String.valueOf(group.get(group.indexOf("last-delivered-id") + 1))),
        pending,
        letters,
        idle);
  }

  /** Asserts that nothing is lost just now. */
  private boolean look(RespConnection admin) {
    Snapshot now = snapshot(admin);
    looks++;
    longestIdle = Math.max(longestIdle, now.idle);
    assertThat(Duration.ofMillis(now.idle)).as("pending without a lease").isLessThan(LONGEST_IDLE);
    Set<EntryId> settled = new HashSet<>(published.keySet());
    settled.removeIf(id -> id.compareTo(now.lastRead) > 0); // unread
    settled.removeAll(now.pending);
    settled.removeAll(now.dead);
    if (!done().containsAll(settled)) {
      // a handler says that it is done before it is acknowledged; what it said may be on its way
      await().atMost(Duration.ofSeconds(5)).until(() -> done().containsAll(settled));
    }
    return true;
  }

  private boolean settled(RespConnection admin) {
    Snapshot now = snapshot(admin);
    return now.pending.isEmpty()
        && published.keySet().stream().allMatch(id -> id.compareTo(now.lastRead) <= 0);
  }

  private void checkTheEnd(RespConnection admin) {
    Set<EntryId> done = done();
    Set<EntryId> letters = snapshot(admin).dead;
    published.forEach(
        (id, payload) -> {
          if (payload.startsWith("fails")) {
            assertThat(letters).as(payload).contains(id);
          } else if (!letters.contains(id)) {
            assertThat(done).as(payload).contains(id);
          }
        });
    Map<EntryId, Integer> starts = new HashMap<>();
    for (ChildWorker worker : all) {
      for (ChildWorker.Start start : worker.starts()) {
        starts.merge(start.id(), 1, Integer::sum);
      }
    }
    Map<EntryId, Long> counts = new HashMap<>();
    for (ChildWorker worker : all) {
      worker.starts().forEach(start -> counts.merge(start.id(), start.delivery(), Math::max));
    }
    // never below the starts, and above them only by what a kill cut off between count and start
    counts.forEach(
        (id, count) ->
            assertThat(count).isBetween((long) starts.get(id), (long) starts.get(id) + KILLS));
    long more =
        counts.entrySet().stream().filter(e -> e.getValue() > starts.get(e.getKey())).count();
    System.out.printf(
        "invariants: %d messages, %d kills, %d looks, 0 lost, %d dead letters, %d counts above"
            + " their starts, longest idle %d ms%n",
        published.size(), KILLS, looks, letters.size(), more, longestIdle);
  }
}
