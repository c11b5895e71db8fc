package io.millstream.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.millstream.engine.AtomicSteps;
import io.millstream.engine.ConnectionEvent;
import io.millstream.engine.Engine;
import io.millstream.engine.GroupCommands;
import io.millstream.engine.ReadArgs;
import io.millstream.engine.Reader;
import io.millstream.engine.RedisException;
import io.millstream.engine.Signals;
import io.millstream.engine.StreamCommands;
import io.millstream.engine.StreamEntries;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** How a worker reads while there is more than it can hold: replies take a while here. */
class ReadAheadTest {
  private static final Duration REPLY = Duration.ofMillis(5);

  private final World world = new World();
  private final List<ReadArgs> asked = new ArrayList<>();
  private final List<ReadArgs> underWay = new ArrayList<>();
  private final List<String> handled = new ArrayList<>();
  private Consumer<ReadArgs> watching = args -> {};
  private int most;
  private int failures;

  @AfterEach
  void noTaskFailed() {
    assertThat(world.time.errors()).isEmpty();
  }

  private Worker start(int concurrency, int readAhead) {
    return world
        .worker(new Slow(world.server.connect()))
        .concurrency(concurrency)
        .readAhead(readAhead)
        .handle(
            message -> {
              handled.add(message.payload());
              return Mono.empty();
            })
        .start();
  }

  private static long total(List<ReadArgs> reads) {
    return reads.stream().mapToLong(args -> args.count() == null ? 0 : args.count()).sum();
  }

  private static boolean waits(ReadArgs args) {
    return args.block() != null;
  }

  @Test
  void hasTwoReadsThatDoNotWaitUnderWayWhileThereIsABacklogAndOneThatWaitsAfterwards() {
    world.publish(5_000);
    start(10, 1_000);
    world.advanceMillis(1_000);

    assertThat(handled).hasSize(5_000).doesNotHaveDuplicates();
    assertThat(most).isEqualTo(2);
    assertThat(asked).hasSizeLessThan(30);
    assertThat(asked.get(0)).matches(ReadAheadTest::waits, "the first one waits");
    assertThat(underWay).hasSize(1).allMatch(ReadAheadTest::waits);
    assertThat(world.pending()).isEmpty();
  }

  @Test
  void neverReadsMoreThanItHasRoomForWhateverIsUnderWay() {
    world.publish(3_000);
    Worker[] worker = new Worker[1];
    List<Long> sums = new ArrayList<>();
    watching =
        args -> {
          WorkerLoad load = worker[0].load();
          sums.add(load.running() + load.ready() + total(underWay));
        };
    worker[0] = start(10, 100);
    world.advanceMillis(2_000);

    assertThat(handled).hasSize(3_000);
    assertThat(sums).isNotEmpty().allMatch(sum -> sum <= 110);
    assertThat(most).isEqualTo(2);
  }

  @Test
  void losesNothingWhenBothReadsBreakOff() {
    world.publish(5_000);
    failures = 2;
    start(10, 1_000);
    world.advanceSeconds(600);

    assertThat(failures).isZero();
    assertThat(handled).hasSize(5_000).doesNotHaveDuplicates();
    assertThat(world.pending()).isEmpty();
  }

  @Test
  void stopsWithTwoReadsUnderWayAndGivesBackWhatTheyBring() {
    world.publish(5_000);
    Worker worker = start(10, 1_000);
    while (underWay.size() < 2) {
      world.advance(Duration.ofMillis(1));
    }
    worker.stop().subscribe();
    world.advanceSeconds(1);

    assertThat(worker.state()).isEqualTo(WorkerState.STOPPED);
    start(10, 1_000);
    world.advanceSeconds(600);
    assertThat(handled).hasSize(5_000).doesNotHaveDuplicates();
    assertThat(world.pending()).isEmpty();
  }

  /** Replies to reads come late; some are lost, all that follow on the same reader with them. */
  private final class SlowReader implements Reader {
    private final Reader reader;
    private boolean broken;

    SlowReader(Reader reader) {
      this.reader = reader;
    }

    @Override
    public Mono<List<StreamEntries>> read(ReadArgs args) {
      return Mono.defer(
          () -> {
            asked.add(args);
            underWay.add(args);
            most = Math.max(most, underWay.size());
            watching.accept(args);
            return reader
                .read(args)
                .defaultIfEmpty(List.of())
                .delayElement(REPLY, world.time)
                .flatMap(this::perhapsLost)
                .doFinally(signal -> underWay.remove(args));
          });
    }

    private Mono<List<StreamEntries>> perhapsLost(List<StreamEntries> reply) {
      broken |= failures > 0 && most == 2;
      if (broken) {
        failures = Math.max(0, failures - 1);
        return Mono.error(new RedisException(RedisException.CONNECTION, "lost"));
      }
      return Mono.just(reply);
    }

    @Override
    public Mono<Boolean> unblock() {
      return reader.unblock();
    }

    @Override
    public Mono<Boolean> close() {
      return reader.close();
    }
  }

  private final class Slow implements Engine {
    private final Engine engine;

    Slow(Engine engine) {
      this.engine = engine;
    }

    @Override
    public StreamCommands streams() {
      return engine.streams();
    }

    @Override
    public GroupCommands groups() {
      return engine.groups();
    }

    @Override
    public AtomicSteps steps() {
      return engine.steps();
    }

    @Override
    public Signals signals() {
      return engine.signals();
    }

    @Override
    public Mono<Reader> openReader() {
      return engine.openReader().map(SlowReader::new);
    }

    @Override
    public Flux<ConnectionEvent> events() {
      return engine.events();
    }

    @Override
    public Mono<Void> close() {
      return engine.close();
    }
  }
}
