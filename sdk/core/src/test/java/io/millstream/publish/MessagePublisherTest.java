package io.millstream.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millstream.codec.Codec;
import io.millstream.codec.MessageStream;
import io.millstream.engine.AddArgs;
import io.millstream.engine.RedisException;
import io.millstream.engine.TrimArgs;
import io.millstream.entry.EntryId;
import io.millstream.entry.Fields;
import io.millstream.message.Headers;
import io.millstream.observe.PublisherObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

class MessagePublisherTest {
  private final FakeStreams redis = new FakeStreams();
  private final CountingObserver observer = new CountingObserver();
  private final MessagePublisher<String> publisher = publisher(PublishSettings.DEFAULTS);

  private MessagePublisher<String> publisher(PublishSettings settings) {
    return publisher(settings, Schedulers.immediate());
  }

  private MessagePublisher<String> publisher(PublishSettings settings, Scheduler sending) {
    return new MessagePublisher<>(
        redis.engine(), sending, MessageStream.string("orders"), settings, observer);
  }

  private static final class CountingObserver implements PublisherObserver {
    int published;
    int failed;

    @Override
    public void published() {
      published++;
    }

    @Override
    public void publishFailed() {
      failed++;
    }
  }

  /** Takes what it asked for, by hand. */
  private static final class Taker extends BaseSubscriber<EntryId> {
    final List<Object> seen = new ArrayList<>();

    @Override
    protected void hookOnSubscribe(org.reactivestreams.Subscription subscription) {}

    @Override
    protected void hookOnNext(EntryId id) {
      seen.add(id);
    }

    @Override
    protected void hookOnError(Throwable failure) {
      seen.add(failure);
    }

    @Override
    protected void hookOnComplete() {
      seen.add("complete");
    }
  }

  @Test
  void writesPayloadAndHeadersAsOneEntry() {
    EntryId id = publisher.publish("x", Headers.of("trace", "t-1")).block();

    assertThat(id).isEqualTo(new EntryId(1, 0));
    assertThat(redis.sent)
        .containsExactly(
            new FakeStreams.Add(
                "orders", Fields.of("payload", "x", "@trace", "t-1"), AddArgs.AUTO));
    assertThat(observer.published).isEqualTo(1);
  }

  @Test
  void sendsWhenSubscribedAndOncePerSubscription() {
    Mono<EntryId> publish = publisher.publish("x");
    assertThat(redis.sent).isEmpty();

    publish.block();
    publish.block();

    assertThat(redis.sent).hasSize(2);
  }

  @Test
  void retriesNothing() {
    RedisException lost = new RedisException(RedisException.CONNECTION, "connection lost");
    redis.reply = n -> Mono.error(lost);

    assertThatThrownBy(() -> publisher.publish("x").block()).isSameAs(lost);
    assertThat(redis.sent).hasSize(1);
    assertThat(observer.failed).isEqualTo(1);
    assertThat(observer.published).isZero();
  }

  @Test
  void whatCannotBeEncodedIsAnErrorOfTheMono() {
    Codec<String> broken =
        new Codec<>() {
          @Override
          public Fields encode(String payload) {
            throw new IllegalStateException("cannot encode");
          }

          @Override
          public String decode(Fields fields) {
            return "";
          }
        };
    Mono<EntryId> publish =
        new MessagePublisher<>(
                redis.engine(),
                Schedulers.immediate(),
                MessageStream.of("orders", broken),
                PublishSettings.DEFAULTS,
                observer)
            .publish("x");

    assertThatThrownBy(publish::block).hasMessage("cannot encode");
    assertThat(redis.sent).isEmpty();
    assertThat(observer.failed).isEqualTo(1);
  }

  @Test
  void refusesReservedHeaders() {
    assertThatThrownBy(
            () -> publisher.publish("x", Headers.of("millstream-reason", "mine")).block())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("header: 'millstream-reason', expected");
    assertThat(redis.sent).isEmpty();
  }

  @Test
  void trimsAboutToTheGivenLength() {
    publisher(PublishSettings.trimTo(1_000)).publish("x").block();

    assertThat(redis.sent.get(0).args())
        .isEqualTo(new AddArgs("*", false, TrimArgs.maxLengthAbout(1_000)));
    assertThatThrownBy(() -> PublishSettings.trimTo(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("trimTo: 0, expected 1 or more");
  }

  @Test
  void publishesManyAndAnswersInTheirOrderThoughRepliesComeInAnother() {
    List<Sinks.One<EntryId>> replies = new ArrayList<>();
    redis.reply =
        n -> {
          Sinks.One<EntryId> reply = Sinks.one();
          replies.add(reply);
          return reply.asMono();
        };
    Taker taker = new Taker();
    publisher.publishAll(Flux.just("a", "b", "c")).subscribe(taker);
    taker.requestUnbounded();
    assertThat(redis.sent)
        .extracting(add -> add.fields().text("payload"))
        .containsExactly("a", "b", "c");

    replies.get(2).tryEmitValue(new EntryId(3, 0));
    replies.get(1).tryEmitValue(new EntryId(2, 0));
    assertThat(taker.seen).isEmpty();
    replies.get(0).tryEmitValue(new EntryId(1, 0));

    assertThat(taker.seen)
        .containsExactly(new EntryId(1, 0), new EntryId(2, 0), new EntryId(3, 0), "complete");
  }

  @Test
  void sendsManyFromOneThreadWhateverThreadRepliesComeOn() {
    Scheduler replies = Schedulers.newParallel("replies", 2);
    Scheduler sending = Schedulers.newSingle("sending");
    try {
      redis.reply = n -> Mono.just(new EntryId(n, 0)).publishOn(replies);

      publisher(PublishSettings.DEFAULTS, sending)
          .publishAll(Flux.range(1, 2_000).map(String::valueOf))
          .blockLast(Duration.ofSeconds(30));

      assertThat(redis.senders).singleElement().extracting(Thread::getName).isEqualTo("sending-1");
      assertThat(redis.sent)
          .extracting(add -> add.fields().text("payload"))
          .containsExactlyElementsOf(
              IntStream.rangeClosed(1, 2_000).mapToObj(String::valueOf).toList());
    } finally {
      sending.dispose();
      replies.dispose();
    }
  }

  @Test
  void hasNoMoreUnderWayThanItsConcurrency() {
    List<Sinks.One<EntryId>> replies = new ArrayList<>();
    redis.reply =
        n -> {
          Sinks.One<EntryId> reply = Sinks.one();
          replies.add(reply);
          return reply.asMono();
        };
    Taker taker = new Taker();
    publisher.publishAll(Flux.range(1, 1_000).map(String::valueOf)).subscribe(taker);
    taker.requestUnbounded();
    assertThat(redis.sent).hasSize(256);

    replies.get(0).tryEmitValue(new EntryId(1, 0));

    assertThat(redis.sent).hasSize(257);
  }

  @Test
  void asksForNoMoreThanIsTaken() {
    AtomicLong asked = new AtomicLong();
    Taker taker = new Taker();
    publisher
        .publishAll(
            Flux.fromStream(LongStream.range(0, 100_000).mapToObj(String::valueOf))
                .doOnNext(payload -> asked.incrementAndGet()))
        .subscribe(taker);

    taker.request(10);

    assertThat(taker.seen).hasSize(10);
    assertThat(redis.sent).hasSizeLessThanOrEqualTo(10 + 2 * MessagePublisher.CONCURRENCY);
    assertThat(asked.get()).isLessThanOrEqualTo(10 + 2 * MessagePublisher.CONCURRENCY);

    taker.requestUnbounded();
    assertThat(taker.seen).hasSize(100_001).endsWith("complete");
    assertThat(observer.published).isEqualTo(100_000);
  }

  @Test
  void anErrorComesAfterTheIdsOfEarlierMessages() {
    Sinks.One<EntryId> first = Sinks.one();
    RedisException full = RedisException.of("OOM command not allowed");
    redis.reply =
        n -> n == 1 ? first.asMono() : n == 2 ? Mono.error(full) : Mono.just(new EntryId(n, 0));
    Taker taker = new Taker();
    publisher.publishAll(Flux.just("a", "b", "c")).subscribe(taker);
    taker.requestUnbounded();
    assertThat(taker.seen).isEmpty();

    first.tryEmitValue(new EntryId(1, 0));

    assertThat(taker.seen).containsExactly(new EntryId(1, 0), full);
  }

  @Test
  void anErrorOfTheSourceComesAfterTheIdsOfWhatItGave() {
    Sinks.One<EntryId> first = Sinks.one();
    redis.reply = n -> first.asMono();
    CancellationException broken = new CancellationException();
    Taker taker = new Taker();
    publisher.publishAll(Flux.concat(Mono.just("a"), Mono.error(broken))).subscribe(taker);
    taker.requestUnbounded();
    assertThat(taker.seen).isEmpty();

    first.tryEmitValue(new EntryId(1, 0));

    assertThat(taker.seen).containsExactly(new EntryId(1, 0), broken);
  }
}
