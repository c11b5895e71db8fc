package io.millstream.worker;

import io.millstream.codec.DecodeException;
import io.millstream.entry.EntryId;
import io.millstream.message.BatchHandler;
import io.millstream.message.BatchOutcomes;
import io.millstream.message.Message;
import io.millstream.observe.Processing;
import io.millstream.worker.Settlement.Ending;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Calls a {@link BatchHandler} for what could be decoded of a batch. */
final class BatchInvoker<T> implements Invoker {
  private final MessageDecoder<T> decoder;
  private final BatchHandler<T> handler;
  private final Scheduler scheduler;

  BatchInvoker(MessageDecoder<T> decoder, BatchHandler<T> handler, Scheduler scheduler) {
    this.decoder = decoder;
    this.handler = handler;
    this.scheduler = scheduler;
  }

  @Override
  public Invocation invoke(List<Delivery> batch, Consumer<List<Settlement>> ended) {
    Call call = new Call(batch, ended);
    call.submit(scheduler);
    return call;
  }

  private final class Call extends ReactiveCall<BatchOutcomes> {
    private final List<Delivery> batch;
    private final Consumer<List<Settlement>> ended;
    private final List<Settlement> unreadable = new ArrayList<>(0);
    private final List<EntryId> readable;
    private final Map<EntryId, Processing> followed = new HashMap<>(0);
    private BatchOutcomes said = BatchOutcomes.ackAll();

    Call(List<Delivery> batch, Consumer<List<Settlement>> ended) {
      this.batch = batch;
      this.ended = ended;
      this.readable = new ArrayList<>(batch.size());
    }

    /** Its messages have a trace each, so what it calls belongs to none. */
    @Override
    protected Processing processing() {
      for (Delivery delivery : batch) {
        Processing one = decoder.surroundings().processing(delivery);
        if (one != Processing.NONE) {
          followed.put(delivery.id(), one);
        }
      }
      return Processing.NONE;
    }

    @Override
    protected @Nullable Mono<BatchOutcomes> call() throws Exception {
      List<Message<T>> messages = new ArrayList<>(batch.size());
      for (Delivery delivery : batch) {
        try {
          messages.add(decoder.decode(delivery));
          readable.add(delivery.id());
        } catch (DecodeException e) {
          unreadable.add(new Settlement(delivery.id(), new Ending.NotDecodable(e)));
        }
      }
      return messages.isEmpty()
          ? Mono.empty()
          : Objects.requireNonNull(handler.handle(messages), "the handler returned null");
    }

    @Override
    protected void hookOnNext(BatchOutcomes outcomes) {
      said = outcomes;
    }

    @Override
    protected void completed() {
      endEach(id -> new Ending.Said(said.of(id)));
    }

    @Override
    protected void end(Ending ending) {
      if (readable.isEmpty() && unreadable.isEmpty()) {
        batch.forEach(delivery -> readable.add(delivery.id())); // ended before it was called
      }
      endEach(id -> ending);
    }

    private void endEach(Function<EntryId, Ending> ending) {
      List<Settlement> all = new ArrayList<>(unreadable);
      for (EntryId id : readable) {
        all.add(new Settlement(id, ending.apply(id)));
      }
      for (Settlement one : all) {
        Surroundings.ended(followed.getOrDefault(one.id(), Processing.NONE), one.ending());
      }
      ended.accept(all);
    }
  }
}
