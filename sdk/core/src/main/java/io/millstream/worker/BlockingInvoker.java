package io.millstream.worker;

import io.millstream.codec.DecodeException;
import io.millstream.message.BlockingOutcomeHandler;
import io.millstream.worker.Settlement.Ending;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import reactor.core.scheduler.Scheduler;

/** Calls a {@link BlockingOutcomeHandler} for one message. */
final class BlockingInvoker<T> implements Invoker {
  private final MessageDecoder<T> decoder;
  private final BlockingOutcomeHandler<T> handler;
  private final Scheduler scheduler;

  BlockingInvoker(
      MessageDecoder<T> decoder, BlockingOutcomeHandler<T> handler, Scheduler scheduler) {
    this.decoder = decoder;
    this.handler = handler;
    this.scheduler = scheduler;
  }

  @Override
  public Invocation invoke(List<Delivery> batch, Consumer<List<Settlement>> ended) {
    Delivery delivery = batch.get(0);
    BlockingCall call =
        new BlockingCall(batch, ended) {
          @Override
          protected List<Settlement> call() {
            return List.of(new Settlement(delivery.id(), handle(delivery)));
          }
        };
    call.submit(scheduler);
    return call;
  }

  private Ending handle(Delivery delivery) {
    try {
      return new Ending.Said(
          Objects.requireNonNull(
              handler.handle(decoder.decode(delivery)), "the handler returned null"));
    } catch (DecodeException e) {
      return new Ending.NotDecodable(e);
    } catch (Throwable e) { // an Error of a handler is a failed delivery like any other
      return new Ending.Failed(e);
    }
  }
}
