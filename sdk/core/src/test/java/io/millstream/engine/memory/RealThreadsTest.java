package io.millstream.engine.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millstream.engine.CreateArgs;
import io.millstream.engine.Engine;
import io.millstream.engine.ReadArgs;
import io.millstream.engine.Reader;
import io.millstream.entry.Fields;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Many threads on one server, in real time. */
class RealThreadsTest {
  private final Scheduler scheduler = Schedulers.newParallel("engine", 4);

  @AfterEach
  void dispose() {
    scheduler.dispose();
  }

  @Test
  void everyEntryGoesToExactlyOneOfManyBlockedReaders() throws Exception {
    InMemoryServer server = InMemoryServer.create(scheduler);
    Engine admin = server.connect();
    admin.groups().create("k", "g", CreateArgs.from("0")).block();
    Queue<String> seen = new ConcurrentLinkedQueue<>();
    for (int i = 0; i < 8; i++) {
      Engine engine = server.connect();
      Reader reader = Objects.requireNonNull(engine.openReader().block());
      reader
          .read(ReadArgs.fresh("k", "g", "c" + i, 3, Duration.ofMillis(5)))
          .doOnNext(
              reply -> reply.get(0).entries().forEach(entry -> seen.add(entry.id().toString())))
          .repeat()
          .subscribe(reply -> {}, error -> {});
    }
    List<Thread> publishers =
        IntStream.range(0, 4)
            .mapToObj(
                i ->
                    new Thread(
                        () -> {
                          Engine engine = server.connect();
                          for (int n = 0; n < 2_500; n++) {
                            engine.streams().add("k", Fields.of("n", "" + n)).block();
                          }
                        }))
            .toList();
    publishers.forEach(Thread::start);
    for (Thread publisher : publishers) {
      publisher.join();
    }
    await().until(() -> seen.size() >= 10_000);
    assertThat(Set.copyOf(seen)).hasSize(10_000);
    assertThat(seen).hasSize(10_000);
    assertThat(Objects.requireNonNull(admin.groups().pending("k", "g").block()).count())
        .isEqualTo(10_000);
  }
}
