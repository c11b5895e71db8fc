package io.millstream.trouble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millstream.Millstream;
import io.millstream.codec.MessageStream;
import io.millstream.engine.PendingSummary;
import io.millstream.entry.Entry;
import io.millstream.policy.RetryPolicy;
import io.millstream.testing.OwnCluster;
import io.millstream.testing.OwnRedis;
import io.millstream.testing.RespConnection;
import io.millstream.testing.TestRedis;
import io.millstream.worker.Worker;
import io.millstream.worker.WorkerState;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** Three masters with a replica each, of which something goes away or moves under load. */
@Tag("trouble")
class ClusterTroubleTest {
  /** What a worker may need once there is a master again. */
  private static final Duration RECOVERY = Duration.ofSeconds(2);

  private static final Duration SOON = Duration.ofSeconds(10);

  private static OwnCluster cluster;

  @BeforeAll
  static void start() {
    cluster = OwnCluster.start(3, 1);
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @AfterEach
  void putRight() {
    for (OwnRedis node : cluster.nodes()) {
      if (node.isRunning()) {
        node.resume();
      } else {
        node.restart();
      }
    }
    cluster.awaitWhole();
  }

  private static Traffic traffic() {
    return new Traffic(() -> Millstream.connect(cluster.uri()));
  }

  @Test
  void aMasterThatIsKilledIsFollowedByItsReplica() {
    try (Traffic traffic = traffic()) {
      traffic.begin();
      OwnRedis master = cluster.masterOf(traffic.jobs.name());
      OwnRedis replica = cluster.replicaOf(master);

      long killed = System.nanoTime();
      master.kill();
      awaitMaster(replica);
      long promoted = System.nanoTime();
      Duration handled = traffic.untilHandledAfter(promoted);

      traffic.flow(Duration.ofSeconds(1)).end();
      traffic.tell(
          "cluster, master killed",
          "promoted after "
              + millis(killed, promoted)
              + " ms, next handled "
              + handled.toMillis()
              + " ms later");
      assertThat(handled).isLessThan(RECOVERY);
    }
  }

  @Test
  void aPlannedFailoverLosesNothing() {
    try (Traffic traffic = traffic()) {
      traffic.begin();
      OwnRedis replica = cluster.replicaOf(cluster.masterOf(traffic.jobs.name()));

      long asked = System.nanoTime();
      cluster.failover(replica);
      long promoted = System.nanoTime();
      Duration handled = traffic.untilHandledAfter(promoted);

      traffic.flow(Duration.ofSeconds(1)).end();
      traffic.tell(
          "cluster, planned failover",
          "done after "
              + millis(asked, promoted)
              + " ms, next handled "
              + handled.toMillis()
              + " ms later");
      assertThat(handled).isLessThan(RECOVERY);
      assertThat(traffic.lost()).isZero();
    }
  }

  @Test
  void aSlotThatMovesUnderLoadTakesEverythingAlong() {
    try (Traffic traffic = traffic()) {
      String key = traffic.jobs.name();
      traffic.begin();
      OwnRedis from = cluster.masterOf(key);
      OwnRedis to = cluster.otherMaster(from);

      cluster.beginMove(key, to);
      traffic.flow(Duration.ofMillis(500));
      cluster.moveKey(key, from, to);
      long moved = System.nanoTime();
      Duration handled = traffic.untilHandledAfter(moved);
      traffic.flow(Duration.ofMillis(500));
      cluster.endMove(key, from, to);
      Duration after = traffic.untilHandledAfter(System.nanoTime());

      traffic.flow(Duration.ofSeconds(1)).end();
      traffic.tell(
          "cluster, slot moved",
          "next handled "
              + handled.toMillis()
              + " ms after the key's move, "
              + after.toMillis()
              + " ms after the slot's");
      assertThat(handled).isLessThan(RECOVERY);
      assertThat(after).isLessThan(RECOVERY);
      assertThat(traffic.lost()).isZero();
      assertThat(traffic.workers)
          .extracting(worker -> worker.state())
          .containsOnly(WorkerState.RUNNING);
    }
  }

  @Test
  void allMastersMayBeAwayForAWhile() {
    try (Traffic traffic = traffic()) {
      traffic.begin();
      List<OwnRedis> nodes = cluster.nodes();
      nodes.forEach(OwnRedis::freeze);
      long frozen = System.nanoTime();
      await()
          .atMost(Duration.ofSeconds(20))
          .until(
              () ->
                  traffic.workers.stream()
                      .allMatch(worker -> worker.state() == WorkerState.BACKING_OFF));
      nodes.forEach(OwnRedis::resume);
      long thawed = System.nanoTime();
      cluster.awaitWhole();
      Duration handled = traffic.untilHandledAfter(thawed);

      traffic.flow(Duration.ofSeconds(1)).end();
      traffic.tell(
          "cluster, all nodes frozen",
          "for "
              + millis(frozen, thawed)
              + " ms, next handled "
              + handled.toMillis()
              + " ms after the thaw");
    }
  }

  @Test
  void aDeadLetterIsWrittenOnceWhenItsKeyHasFollowedItsStreamToTheOtherNode() {
    MessageStream<String> jobs = MessageStream.string(TestRedis.key());
    try (Millstream millstream = Millstream.connect(cluster.uri())) {
      Worker worker =
          millstream
              .worker(jobs, "workers")
              .retry(RetryPolicy.none())
              .handle(message -> Mono.error(new IllegalStateException("for good")))
              .start();
      millstream.publisher(jobs).publish("first").block(SOON);
      await().atMost(SOON).until(() -> letters(millstream, jobs).size() == 1);
      String letters = jobs.deadLetterKey("workers");
      OwnRedis from = cluster.masterOf(jobs.name());
      OwnRedis to = cluster.otherMaster(from);

      // the stream has moved, its dead letters have not: no node can do both
      cluster.beginMove(jobs.name(), to);
      cluster.moveKey(jobs.name(), from, to);
      millstream.publisher(jobs).publish("second").block(SOON);
      await().atMost(SOON).until(() -> worker.trouble().orElse("").contains("TRYAGAIN"));
      cluster.moveKey(letters, from, to);

      await().atMost(SOON).until(() -> worker.state() == WorkerState.RUNNING);
      cluster.endMove(jobs.name(), from, to);
      assertThat(letters(millstream, jobs)).hasSize(2);
      assertThat(millstream.engine().groups().pending(jobs.name(), "workers").block(SOON))
          .extracting(PendingSummary::count)
          .isEqualTo(0L);
    }
  }

  private static List<Entry> letters(Millstream millstream, MessageStream<String> jobs) {
    return millstream
        .engine()
        .streams()
        .range(jobs.deadLetterKey("workers"), "-", "+", null)
        .blockOptional(SOON)
        .orElse(List.of());
  }

  private static void awaitMaster(OwnRedis replica) {
    await()
        .atMost(Duration.ofSeconds(30))
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(5))
        .until(
            () -> {
              try (RespConnection connection = replica.connect()) {
                return connection.text("INFO", "replication").contains("role:master");
              }
            });
  }

  private static long millis(long from, long to) {
    return Duration.ofNanos(to - from).toMillis();
  }
}
