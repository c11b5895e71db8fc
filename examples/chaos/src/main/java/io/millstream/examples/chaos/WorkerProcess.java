package io.millstream.examples.chaos;

import io.millstream.Millstream;
import io.millstream.examples.chaos.Line.Event;
import io.millstream.observe.Observer;
import io.millstream.observe.PublisherObserver;
import io.millstream.observe.WorkerGauges;
import io.millstream.observe.WorkerObserver;
import io.millstream.policy.RetryPolicy;
import io.millstream.worker.Worker;
import io.millstream.worker.WorkerBuilder;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A JVM with one worker. SIGTERM stops it gracefully.
 *
 * <p>Arguments: the server's URI, the process's number, its name, the folder of the ledgers.
 */
final class WorkerProcess {
  private WorkerProcess() {}

  /** See the class. */
  public static void main(String[] args) throws IOException {
    Orphans.endWithParent();
    String name = args[2];
    Ledger ledger =
        new Ledger(name, LedgerReader.path(Path.of(args[3]), name), System::currentTimeMillis);
    Deed deed = new Deed(ledger, () -> Runtime.getRuntime().halt(Deed.POISONED));
    Millstream millstream = Millstream.connect(args[0], lostLeases(ledger));
    Worker worker = handling(Integer.parseInt(args[1]), builder(millstream), deed).build();
    ledger.write(Event.OPEN, worker.consumer());
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  ledger.write(Event.STOPPING);
                  millstream.close();
                  ledger.write(Event.STOPPED);
                },
                "stop-worker"));
    worker.whenRunning().subscribe(nothing -> {}, error -> {}, () -> ledger.write(Event.RUNNING));
    worker.start().awaitStopped();
  }

  private static WorkerBuilder<String> builder(Millstream millstream) {
    return millstream
        .worker(Rules.JOBS, Rules.GROUP)
        .concurrency(Rules.HANDLERS)
        .visibilityTimeout(Rules.VISIBILITY)
        .blockTimeout(Rules.BLOCK)
        .drainTimeout(Rules.DRAIN)
        .retry(RetryPolicy.exponential(Rules.FIRST_RETRY).maxDeliveries(Rules.MAX_DELIVERIES));
  }

  private static WorkerBuilder<String> handling(
      int number, WorkerBuilder<String> builder, Deed deed) {
    return switch (Processes.handling(number)) {
      case REACTIVE -> builder.handle(deed::reactive);
      case UNBUFFERED -> builder.readAhead(0).handle(deed::reactive);
      case BLOCKING -> builder.handleBlocking(deed::blocking);
      case BATCH -> builder.concurrency(Rules.BATCHES).handleBatch(Rules.BATCH, deed::batch);
      case NAMED -> builder.consumer("fixed-" + number).handleBlocking(deed::blocking);
    };
  }

  private static Observer lostLeases(Ledger ledger) {
    return new Observer() {
      @Override
      public WorkerObserver worker(String stream, String group, WorkerGauges gauges) {
        return new WorkerObserver() {
          @Override
          public void leaseLost() {
            ledger.write(Event.LOST);
          }
        };
      }

      @Override
      public PublisherObserver publisher(String stream) {
        return PublisherObserver.NONE;
      }
    };
  }
}
