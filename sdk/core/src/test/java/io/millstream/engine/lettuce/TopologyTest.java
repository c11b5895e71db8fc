package io.millstream.engine.lettuce;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.millstream.engine.RedisException;
import io.millstream.engine.memory.VirtualScheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** When nodes are asked for the slots: soon if there is reason, and never in a storm. */
class TopologyTest {
  private final VirtualScheduler time = VirtualScheduler.create();
  private final Settings settings =
      new Settings(
          Duration.ofSeconds(10), 16, Duration.ofMillis(50), Duration.ofSeconds(1), () -> 0.5);
  private final List<Duration> asked = new ArrayList<>();
  private final long began = time.now(TimeUnit.NANOSECONDS);
  private Mono<Slots> answer = Mono.just(slots(7001));
  private int looked;

  private final Topology topology =
      new Topology(Mono.defer(this::ask), () -> looked++, time, settings);

  private Mono<Slots> ask() {
    asked.add(
        Duration.ofNanos(time.now(TimeUnit.NANOSECONDS) - began));
    return answer;
  }

  private static Slots slots(long port) {
    return Slots.parse(
        List.of(List.of(0L, 16383L, List.of("10.0.0.1".getBytes(UTF_8), port, new byte[0]))),
        new Address("10.0.0.1", 1));
  }

  private void doubtFor(Duration duration) {
    for (Duration passed = Duration.ZERO;
        passed.compareTo(duration) < 0;
        passed = passed.plusMillis(1)) {
      topology.doubt();
      time.advance(Duration.ofMillis(1));
    }
  }

  @Test
  void theFirstDoubtIsAnsweredAtOnce() {
    topology.doubt();
    time.advance(Duration.ZERO);
    assertThat(asked).containsExactly(Duration.ZERO);
    assertThat(topology.slots().owner(5)).isEqualTo(new Address("10.0.0.1", 7001));
    assertThat(looked).isEqualTo(1);
  }

  @Test
  void endlessDoubtAsksAboutOnceASecond() {
    topology.doubt();
    time.advance(Duration.ZERO);
    asked.clear();
    doubtFor(Duration.ofSeconds(60));
    assertThat(asked).hasSizeBetween(60, 100);
    assertThat(asked.get(0)).isLessThan(Duration.ofMillis(100));
  }

  @Test
  void oneQuestionIsUnderWayAtATime() {
    Sinks.One<Slots> first = Sinks.one();
    answer = first.asMono();
    doubtFor(Duration.ofSeconds(5));
    assertThat(asked).hasSize(1);

    answer = Mono.just(slots(7001));
    first.tryEmitValue(slots(7001));
    time.advance(Duration.ofSeconds(5));
    assertThat(asked).as("what was answered is news: nobody has reason any more").hasSize(1);
  }

  @Test
  void whoeverDoubtsWhileItIsAskedAndGetsNoNewsIsAnsweredOnceMore() {
    topology.doubt();
    time.advance(Duration.ofSeconds(10));
    Sinks.One<Slots> second = Sinks.one();
    answer = second.asMono();
    topology.doubt();
    time.advance(Duration.ZERO);
    topology.doubt();
    assertThat(asked).hasSize(2);

    answer = Mono.just(slots(7002));
    second.tryEmitValue(slots(7001));
    time.advance(Duration.ofSeconds(2));
    assertThat(asked).hasSize(3);
    assertThat(topology.slots().owner(5)).isEqualTo(new Address("10.0.0.1", 7002));
  }

  @Test
  void whatNobodyAnswersIsAskedAgainWithABackoffUntilSomebodyDoes() {
    answer = Mono.error(new RedisException(RedisException.CONNECTION, "nobody"));
    topology.doubt();
    time.advance(Duration.ofSeconds(30));
    assertThat(asked).hasSizeBetween(30, 60);
    assertThat(topology.whyNot()).hasMessageContaining("nobody");
    assertThat(topology.tried().toFuture()).isDone();

    answer = Mono.just(slots(7001));
    time.advance(Duration.ofSeconds(1));
    assertThat(topology.slots().owner(5)).isNotNull();
  }

  @Test
  void withoutReasonItIsLookedAtEveryHalfMinuteOrSo() {
    topology.doubt();
    time.advance(Duration.ofMinutes(10));
    assertThat(asked).hasSizeBetween(20, 26);
  }

  @Test
  void closedItAsksNobodyAndKnowsNothing() {
    topology.doubt();
    time.advance(Duration.ZERO);
    topology.close();
    topology.doubt();
    time.advance(Duration.ofMinutes(10));
    assertThat(asked).hasSize(1);
    assertThat(topology.slots()).isSameAs(Slots.NONE);
    assertThat(topology.whyNot()).hasMessageContaining("closed");
  }
}
