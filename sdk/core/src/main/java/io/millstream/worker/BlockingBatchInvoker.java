package io.millstream.worker;

import io.millstream.codec.DecodeException;
import io.millstream.entry.EntryId;
import io.millstream.message.BatchOutcomes;
import io.millstream.message.BlockingBatchHandler;
import io.millstream.message.Message;
import io.millstream.worker.Settlement.Ending;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import reactor.core.scheduler.Scheduler;

/** Calls a {@link BlockingBatchHandler} for what could be decoded of a batch. */
final class BlockingBatchInvoker<T> implements Invoker {
  private final MessageDecoder<T> decoder;
  private final BlockingBatchHandler<T> handler;
  private final Scheduler scheduler;

  BlockingBatchInvoker(
      MessageDecoder<T> decoder, BlockingBatchHandler<T> handler, Scheduler scheduler) {
    this.decoder = decoder;
    this.handler = handler;
    this.scheduler = scheduler;
  }

  @Override
  public Invocation invoke(List<Delivery> batch, Consumer<List<Settlement>> ended) {
    BlockingCall call =
        new BlockingCall(batch, ended) {
          @Override
          protected List<Settlement> call() {
            return handle(batch);
          }
        };
    call.submit(scheduler);
    return call;
  }

  private List<Settlement> handle(List<Delivery> batch) {
    List<Settlement> all = new ArrayList<>(batch.size());
    List<Message<T>> messages = new ArrayList<>(batch.size());
    List<EntryId> readable = new ArrayList<>(batch.size());
    for (Delivery delivery : batch) {
      try {
        messages.add(decoder.decode(delivery));
        readable.add(delivery.id());
      } catch (DecodeException e) {
        all.add(new Settlement(delivery.id(), new Ending.NotDecodable(e)));
      } catch (Throwable e) { // a fault of the codec harms its own message only
        all.add(new Settlement(delivery.id(), new Ending.Failed(e)));
      }
    }
    if (!messages.isEmpty()) {
      Function<EntryId, Ending> ending = handled(messages);
      readable.forEach(id -> all.add(new Settlement(id, ending.apply(id))));
    }
    return all;
  }

  private Function<EntryId, Ending> handled(List<Message<T>> messages) {
    try {
      BatchOutcomes said =
          Objects.requireNonNull(handler.handle(messages), "the handler returned null");
      return id -> new Ending.Said(said.of(id));
    } catch (Throwable e) { // an Error of a handler is a failed delivery like any other
      return id -> new Ending.Failed(e);
    }
  }
}
