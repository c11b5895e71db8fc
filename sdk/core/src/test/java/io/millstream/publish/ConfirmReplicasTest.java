package io.millstream.publish;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.millstream.Millstream;
import io.millstream.codec.MessageStream;
import io.millstream.entry.EntryId;
import io.millstream.testing.OwnCluster;
import io.millstream.testing.OwnRedis;
import io.millstream.testing.RespConnection;
import io.millstream.testing.TestRedis;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

/** WAIT, on a master with one replica. */
@Tag("redis")
class ConfirmReplicasTest {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration SHORT = Duration.ofMillis(300);

  private final MessageStream<String> jobs = MessageStream.string(TestRedis.key());
  private OwnRedis master;
  private OwnRedis replica;
  private Millstream millstream;

  @BeforeEach
  void start() {
    master = TestRedis.startOwn("--repl-diskless-sync-delay", "0");
    replica = TestRedis.startOwn("--replicaof", "127.0.0.1 " + master.port());
    await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () -> {
              try (RespConnection admin = replica.connect()) {
                return admin.text("INFO", "replication").contains("master_link_status:up");
              }
            });
    millstream = Millstream.connect(master.uri());
  }

  @AfterEach
  void stop() {
    millstream.close();
    replica.close();
    master.close();
  }

  @Test
  void whatIsPublishedIsOnTheReplica() {
    MessagePublisher<String> publisher =
        millstream.publisher(jobs).confirmReplicas(1, PATIENCE);
    List<EntryId> ids =
        requireNonNull(
            publisher
                .publishAll(Flux.range(0, 500).map(Integer::toString))
                .collectList()
                .block(PATIENCE));
    assertThat(ids).hasSize(500).isSorted();
    try (RespConnection at = replica.connect();
        RespConnection admin = master.connect()) {
      assertThat(at.call("XLEN", jobs.name())).isEqualTo(500L);
      String waits =
          admin.text("INFO", "commandstats").lines().filter(l -> l.contains("_wait:")).toList() + "";
      assertThat(Integer.parseInt(waits.replaceFirst(".*calls=(\\d+).*", "$1"))).isLessThan(100);
    }
  }

  @Test
  void aReplicaThatDoesNotAnswerHoldsUpNothingButWhatWaitsForIt() {
    MessagePublisher<String> plain = millstream.publisher(jobs);
    requireNonNull(plain.publish("first").block(PATIENCE));
    replica.freeze();
    var waiting = plain.confirmReplicas(1, Duration.ofSeconds(5)).publish("second").toFuture();

    assertThat(plain.publish("third").block(Duration.ofSeconds(2))).isNotNull();

    assertThat(waiting).isNotDone();
    replica.resume();
    assertThat(waiting).succeedsWithin(PATIENCE);
  }

  @Test
  void withoutAReplicaTheEntryIsWrittenAndSaidToBeUnconfirmed() {
    replica.freeze();
    MessagePublisher<String> publisher = millstream.publisher(jobs).confirmReplicas(1, SHORT);
    Throwable failure = catchThrowable(() -> publisher.publish("job").block(PATIENCE));
    assertThat(failure)
        .isInstanceOfSatisfying(
            UnconfirmedException.class,
            error -> {
              assertThat(error.replicas()).isZero();
              try (RespConnection admin = master.connect()) {
                String id = error.id().toString();
                assertThat(admin.list("XRANGE", jobs.name(), id, id)).hasSize(1);
              }
            });
  }

  @Test
  void onAClusterTheReplicaOfTheStreamsNodeIsAsked() {
    try (OwnCluster cluster = OwnCluster.start(3, 1);
        Millstream onCluster = Millstream.connect(cluster.uri())) {
      OwnRedis itsReplica = cluster.replicaOf(cluster.masterOf(jobs.name()));
      MessagePublisher<String> publisher =
          onCluster.publisher(jobs).confirmReplicas(1, Duration.ofSeconds(2));
      assertThat(publisher.publish("first").block(PATIENCE)).isNotNull();
      itsReplica.freeze();
      assertThat(catchThrowable(() -> publisher.publish("second").block(PATIENCE)))
          .isInstanceOf(UnconfirmedException.class);
    }
  }

  @Test
  void inMemoryEverythingCountsAsConfirmed() {
    try (Millstream inMemory = Millstream.inMemory()) {
      assertThat(
              inMemory.publisher(jobs).confirmReplicas(2, SHORT).publish("job").block(PATIENCE))
          .isNotNull();
    }
  }
}
