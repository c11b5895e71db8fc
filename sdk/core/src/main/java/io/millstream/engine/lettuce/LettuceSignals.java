package io.millstream.engine.lettuce;

import static io.lettuce.core.protocol.CommandType.PUBLISH;

import io.millstream.engine.Signal;
import io.millstream.engine.Signals;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink.OverflowStrategy;
import reactor.core.publisher.Mono;

/** PUBLISH on the shared connection, SUBSCRIBE on one that is there for nothing else. */
final class LettuceSignals implements Signals {
  private final Sender shared;
  private final Subscriptions subscriptions;

  LettuceSignals(Sender shared, Subscriptions subscriptions) {
    this.shared = shared;
    this.subscriptions = subscriptions;
  }

  @Override
  public Mono<Long> publish(String channel) {
    return shared.send(Call.of(PUBLISH).key(channel).word(""), Decode::number);
  }

  @Override
  public Flux<Signal> listen(String channel) {
    return Flux.create(sink -> subscriptions.add(channel, sink), OverflowStrategy.LATEST);
  }
}
