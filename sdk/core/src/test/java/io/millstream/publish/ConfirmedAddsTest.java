package io.millstream.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.millstream.engine.AddArgs;
import io.millstream.engine.Engine;
import io.millstream.engine.RedisException;
import io.millstream.engine.Writer;
import io.millstream.engine.memory.VirtualScheduler;
import io.millstream.entry.EntryId;
import io.millstream.entry.Fields;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

class ConfirmedAddsTest {
  private static final Duration TIMEOUT = Duration.ofMillis(500);

  private final VirtualScheduler time = VirtualScheduler.create();
  private final List<String> calls = new ArrayList<>();
  private final List<Object> told = new ArrayList<>();
  private int opened;
  private LongFunction<Mono<EntryId>> added = n -> Mono.just(new EntryId(n, 0));
  private Mono<Long> confirmed = Mono.just(1L);
  private long number;

  private final ConfirmedAdds adds = new ConfirmedAdds(engine(), "s", 1, TIMEOUT, time);

  private Engine engine() {
    return (Engine)
        Proxy.newProxyInstance(
            Engine.class.getClassLoader(),
            new Class<?>[] {Engine.class},
            (self, method, args) -> {
              assertThat(method.getName()).isEqualTo("openWriter");
              return Mono.fromSupplier(this::open);
            });
  }

  private Writer open() {
    int which = ++opened;
    return new Writer() {
      @Override
      public Mono<EntryId> add(String key, Fields fields, AddArgs args) {
        return Mono.defer(
            () -> {
              calls.add("XADD");
              return added.apply(++number);
            });
      }

      @Override
      public Mono<Long> awaitReplicas(long replicas, Duration timeout) {
        return Mono.defer(
            () -> {
              calls.add("WAIT " + replicas + " " + timeout.toMillis());
              return confirmed;
            });
      }

      @Override
      public Mono<Boolean> close() {
        return Mono.fromSupplier(
            () -> {
              calls.add("close " + which);
              return true;
            });
      }
    };
  }

  private void publish() {
    adds.add("s", Fields.of("f", "v"), AddArgs.AUTO).subscribe(told::add, told::add);
  }

  @Test
  void isToldWhenReplicasHaveIt() {
    publish();
    assertThat(calls).containsExactly("XADD", "WAIT 1 500");
    assertThat(told).containsExactly(new EntryId(1, 0));
  }

  @Test
  void whatComesWhileReplicasAreWaitedForIsConfirmedTogether() {
    Sinks.One<Long> first = Sinks.one();
    confirmed = first.asMono();
    publish();
    publish();
    publish();
    assertThat(calls).containsExactly("XADD", "WAIT 1 500");
    assertThat(told).isEmpty();

    confirmed = Mono.just(1L);
    first.tryEmitValue(2L);
    assertThat(calls).containsExactly("XADD", "WAIT 1 500", "XADD", "XADD", "WAIT 1 500");
    assertThat(told)
        .containsExactly(new EntryId(1, 0), new EntryId(2, 0), new EntryId(3, 0));
    assertThat(opened).isEqualTo(1);
  }

  @Test
  void tooFewReplicasAreAnErrorThatNamesTheEntryThatWasWritten() {
    confirmed = Mono.just(0L);
    publish();
    assertThat(told).hasSize(1);
    assertThat(told.get(0))
        .isInstanceOfSatisfying(
            UnconfirmedException.class,
            error -> {
              assertThat(error.id()).isEqualTo(new EntryId(1, 0));
              assertThat(error.replicas()).isZero();
              assertThat(error).hasMessageContaining("1-0").hasMessageContaining("wanted: 1");
            });
  }

  @Test
  void aWaitThatFailsLeavesTheEntryUnconfirmedAndTheConnectionIsGivenUp() {
    confirmed = Mono.error(new RedisException(RedisException.CONNECTION, "lost"));
    publish();
    assertThat(told.get(0)).isInstanceOf(UnconfirmedException.class);
    assertThat(calls).endsWith("close 1");

    confirmed = Mono.just(1L);
    publish();
    assertThat(opened).isEqualTo(2);
    assertThat(told.get(1)).isEqualTo(new EntryId(2, 0));
  }

  @Test
  void oneThatFailsIsNotTheFailureOfItsNeighbours() {
    Sinks.One<Long> first = Sinks.one();
    confirmed = first.asMono();
    publish();
    added =
        n -> n == 2 ? Mono.error(RedisException.of("OOM full")) : Mono.just(new EntryId(n, 0));
    publish();
    publish();
    confirmed = Mono.just(1L);
    first.tryEmitValue(1L);
    assertThat(told).hasSize(3).contains(new EntryId(1, 0), new EntryId(3, 0));
    assertThat(told.get(1))
        .isInstanceOfSatisfying(
            RedisException.class, error -> assertThat(error.code()).isEqualTo("OOM"));
    assertThat(calls).doesNotContain("close 1");
  }

  @Test
  void anUnknownOutcomeIsToldAsItIsAndTheConnectionIsGivenUp() {
    added = n -> Mono.error(new RedisException(RedisException.TIMEOUT, "late"));
    publish();
    assertThat(told.get(0))
        .isInstanceOfSatisfying(
            RedisException.class, error -> assertThat(error.outcomeUnknown()).isTrue());
    assertThat(calls).containsExactly("XADD", "close 1");
  }

  @Test
  void theConnectionGoesWhenNothingWasPublishedForTenSeconds() {
    publish();
    time.advance(Duration.ofSeconds(9));
    publish();
    time.advance(Duration.ofSeconds(9));
    assertThat(calls).doesNotContain("close 1");
    time.advance(Duration.ofSeconds(1));
    assertThat(calls).endsWith("close 1");
    publish();
    assertThat(opened).isEqualTo(2);
  }
}
