package io.millstream.publish;

import io.millstream.codec.Envelope;
import io.millstream.codec.MessageStream;
import io.millstream.engine.AddArgs;
import io.millstream.engine.Engine;
import io.millstream.engine.TrimArgs;
import io.millstream.entry.EntryId;
import io.millstream.message.Headers;
import io.millstream.observe.PublisherObserver;
import java.time.Duration;
import java.util.Objects;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Signal;
import reactor.core.scheduler.Scheduler;

/**
 * Writes messages to a stream (XADD), one entry each.
 *
 * <p>Nothing is sent before it is subscribed to, and each subscription sends again. A failure is
 * never retried here: after a lost reply nobody knows whether the entry was written (see {@link
 * io.millstream.engine.RedisException#outcomeUnknown()}), and a retry could write it twice. Who can
 * live with duplicates may add {@code retryWhen}.
 *
 * <p>{@link #publish(Object)} encodes and sends on the thread that subscribes. Results arrive on a
 * thread of the engine or, of {@link #publishAll}, on the one that sends; neither may be blocked.
 * Safe for use by many threads.
 *
 * @param <T> the payload's type
 * @since 0.1
 */
public final class MessagePublisher<T> {
  /** How many messages {@link #publishAll} has under way at most. */
  public static final int CONCURRENCY = 256;

  private final Engine engine;
  private final Adds adds;
  private final Scheduler sending;
  private final MessageStream<T> stream;
  private final AddArgs args;
  private final PublisherObserver observer;

  /**
   * A publisher for a stream.
   *
   * @param sending the thread on which {@link #publishAll} encodes and sends: each call keeps to
   *     one worker of it, because an engine may send what different threads ask for in another
   *     order than they asked
   */
  public MessagePublisher(
      Engine engine,
      Scheduler sending,
      MessageStream<T> stream,
      PublishSettings settings,
      PublisherObserver observer) {
    this.engine = engine;
    this.sending = Objects.requireNonNull(sending, "sending");
    this.adds = engine.streams()::add;
    this.stream = Objects.requireNonNull(stream, "stream");
    this.observer = Objects.requireNonNull(observer, "observer");
    Long trimTo = settings.trimTo();
    this.args =
        trimTo == null ? AddArgs.AUTO : new AddArgs("*", false, TrimArgs.maxLengthAbout(trimTo));
  }

  private MessagePublisher(MessagePublisher<T> like, Adds adds) {
    this.engine = like.engine;
    this.sending = like.sending;
    this.adds = adds;
    this.stream = like.stream;
    this.args = like.args;
    this.observer = like.observer;
  }

  /**
   * A publisher whose messages count as published when so many replicas have them (WAIT); one that
   * fewer have in time fails with {@link UnconfirmedException}, and is written all the same. Keep
   * it: it has a connection of its own, which goes when nothing was published for ten seconds. What
   * is published while replicas are waited for is written and confirmed together, afterwards.
   *
   * <p><b>This makes a loss by a failover unlikely, not impossible</b>: a replica has it in memory
   * only, and another one may be promoted. In memory everything counts as confirmed.
   *
   * @param replicas how many, 1 or more
   * @param timeout how long to wait for them, at least a millisecond
   * @throws IllegalArgumentException if one of them is less
   */
  public MessagePublisher<T> confirmReplicas(int replicas, Duration timeout) {
    if (replicas < 1) {
      throw new IllegalArgumentException("replicas: " + replicas + ", expected 1 or more");
    }
    if (timeout.compareTo(Duration.ofMillis(1)) < 0) {
      throw new IllegalArgumentException("timeout: " + timeout + ", expected PT0.001S or more");
    }
    return new MessagePublisher<>(
        this, new ConfirmedAdds(engine, stream.name(), replicas, timeout, sending));
  }

  /** Publishes a message without headers: its entry's id, or what kept it from being written. */
  public Mono<EntryId> publish(T payload) {
    return publish(payload, Headers.none());
  }

  /**
   * Publishes a message with headers: its entry's id, or what kept it from being written. Header
   * names that start with {@value Headers#RESERVED} are refused.
   */
  public Mono<EntryId> publish(T payload, Headers headers) {
    return Mono.defer(
            () ->
                adds.add(
                    stream.name(), Envelope.seal(stream.codec().encode(payload), headers), args))
        .doOnSuccess(id -> observer.published())
        .doOnError(failure -> observer.publishFailed());
  }

  /**
   * Publishes many messages: they are written, and their ids emitted, in their order. Up to {@value
   * #CONCURRENCY} are under way at once, and as many wait their turn; more are asked for as ids are
   * taken.
   *
   * <p>If one fails, or {@code payloads} does, the ids of those before it come first, then the
   * error. No further message is asked for then, but up to {@value #CONCURRENCY} later ones may
   * have been sent, and may be written. Cancelling does not take back what was sent either.
   */
  public Flux<EntryId> publishAll(Publisher<? extends T> payloads) {
    return Flux.<T>from(payloads)
        .materialize()
        .publishOn(sending, CONCURRENCY)
        .flatMapSequential(this::publishOrEnd, CONCURRENCY, 1)
        .dematerialize();
  }

  /** Errors travel as values, for else they would overtake the ids of earlier messages. */
  private Mono<Signal<EntryId>> publishOrEnd(Signal<T> payload) {
    if (payload.isOnNext()) {
      return publish(Objects.requireNonNull(payload.get())).materialize();
    }
    Throwable failure = payload.getThrowable();
    return Mono.just(failure == null ? Signal.complete() : Signal.error(failure));
  }
}
