package io.millstream.publish;

import io.millstream.codec.Envelope;
import io.millstream.codec.MessageStream;
import io.millstream.engine.AddArgs;
import io.millstream.engine.Engine;
import io.millstream.engine.StreamCommands;
import io.millstream.engine.TrimArgs;
import io.millstream.entry.EntryId;
import io.millstream.message.Headers;
import io.millstream.observe.PublisherObserver;
import io.millstream.observe.Sending;
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

  private final StreamCommands streams;
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
    this.sending = Objects.requireNonNull(sending, "sending");
    this.streams = engine.streams();
    this.stream = Objects.requireNonNull(stream, "stream");
    this.observer = Objects.requireNonNull(observer, "observer");
    Long trimTo = settings.trimTo();
    this.args =
        trimTo == null ? AddArgs.AUTO : new AddArgs("*", false, TrimArgs.maxLengthAbout(trimTo));
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
    return Mono.deferContextual(
            context -> {
              Sending followed = observer.sending(headers, context);
              return followed == null ? write(payload, headers) : follow(payload, followed);
            })
        .doOnSuccess(id -> observer.published())
        .doOnError(failure -> observer.publishFailed());
  }

  private Mono<EntryId> write(T payload, Headers headers) {
    return streams.add(stream.name(), Envelope.seal(stream.codec().encode(payload), headers), args);
  }

  private Mono<EntryId> follow(T payload, Sending followed) {
    return Mono.defer(() -> write(payload, followed.headers()))
        .doOnSuccess(followed::written)
        .doOnError(followed::failed)
        .doOnCancel(followed::cancelled);
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
        .<EntryId>dematerialize()
        // the trace that the caller's thread is in, for another thread sends
        .contextCapture();
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
