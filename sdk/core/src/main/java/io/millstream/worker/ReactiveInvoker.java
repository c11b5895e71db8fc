package io.millstream.worker;

import io.millstream.codec.DecodeException;
import io.millstream.message.Message;
import io.millstream.message.MessageHandler;
import io.millstream.message.Outcome;
import io.millstream.observe.Processing;
import io.millstream.worker.Settlement.Ending;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Calls a {@link MessageHandler} for one message. */
final class ReactiveInvoker<T> implements Invoker {
  private final MessageDecoder<T> decoder;
  private final MessageHandler<T> handler;
  private final Scheduler scheduler;

  ReactiveInvoker(MessageDecoder<T> decoder, MessageHandler<T> handler, Scheduler scheduler) {
    this.decoder = decoder;
    this.handler = handler;
    this.scheduler = scheduler;
  }

  @Override
  public Invocation invoke(List<Delivery> batch, Consumer<List<Settlement>> ended) {
    Call call = new Call(batch.get(0), ended);
    call.submit(scheduler);
    return call;
  }

  private final class Call extends ReactiveCall<Object> {
    private final Delivery delivery;
    private final Consumer<List<Settlement>> ended;
    private Outcome said = Outcome.ack();
    private Processing processing = Processing.NONE; // if it is never called

    Call(Delivery delivery, Consumer<List<Settlement>> ended) {
      this.delivery = delivery;
      this.ended = ended;
    }

    @Override
    protected Processing processing() {
      processing = decoder.surroundings().processing(delivery);
      return processing;
    }

    @Override
    protected @Nullable Mono<?> call() throws Exception {
      Message<T> message;
      try {
        message = decoder.decode(delivery);
      } catch (DecodeException e) {
        end(new Ending.NotDecodable(e));
        return null;
      }
      return Objects.requireNonNull(handler.handle(message), "the handler returned null");
    }

    @Override
    protected void hookOnNext(Object value) {
      if (value instanceof Outcome outcome) {
        said = outcome;
      }
    }

    @Override
    protected void completed() {
      end(new Ending.Said(said));
    }

    @Override
    protected void end(Ending ending) {
      Surroundings.ended(processing, ending);
      ended.accept(List.of(new Settlement(delivery.id(), ending)));
    }
  }
}
