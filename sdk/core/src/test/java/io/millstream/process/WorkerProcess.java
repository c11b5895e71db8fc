package io.millstream.process;

import io.millstream.Millstream;
import io.millstream.codec.MessageStream;
import io.millstream.message.Message;
import io.millstream.observe.Observer;
import io.millstream.observe.PublisherObserver;
import io.millstream.observe.WorkerGauges;
import io.millstream.observe.WorkerObserver;
import io.millstream.policy.RetryPolicy;
import io.millstream.worker.Worker;
import io.millstream.worker.WorkerBuilder;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import reactor.core.publisher.Mono;

/**
 * A worker in a JVM of its own, for tests that kill, freeze or end it. Says on its standard output
 * what its handlers do, a line each: {@code start ID DELIVERY}, {@code done ID}, {@code cancelled
 * ID}; and {@code lease-lost} for each lease that is counted as lost. What a message says decides
 * what its handler does: {@code poison} ends the JVM at once, {@code fails...} fails, {@code
 * hangs...} never ends; all others take their time.
 *
 * <p>A SIGTERM closes its Millstream before the JVM ends.
 */
public final class WorkerProcess {
  /** The exit status of a JVM that was ended by poison. */
  public static final int POISONED = 77;

  public static final String GROUP = "workers";

  private WorkerProcess() {}

  /** How it works, each a system property in milliseconds. */
  enum Option {
    WORK(5),
    VISIBILITY(1_000),
    BLOCK(500),
    BACKOFF(100),
    DRAIN(1_000);

    private final long byDefault;

    Option(long byDefault) {
      this.byDefault = byDefault;
    }

    private Duration value() {
      return Duration.ofMillis(Long.getLong(name(), byDefault));
    }
  }

  /**
   * Runs until it is killed or told to end.
   *
   * @param args the server's URI, the stream, concurrency, maxDeliveries
   */
  public static void main(String[] args) {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    Millstream millstream = Millstream.connect(args[0], new LostLeases(out));
    WorkerBuilder<String> builder =
        millstream
            .worker(MessageStream.string(args[1]), GROUP)
            .concurrency(Integer.parseInt(args[2]))
            .visibilityTimeout(Option.VISIBILITY.value())
            .handlerTimeout(Duration.ofMinutes(10))
            .blockTimeout(Option.BLOCK.value())
            .drainTimeout(Option.DRAIN.value())
            .retry(
                RetryPolicy.fixed(Option.BACKOFF.value()).maxDeliveries(Integer.parseInt(args[3])))
            .handle(message -> handle(message, out));
    Worker worker = builder.start();
    Runtime.getRuntime().addShutdownHook(new Thread(millstream::close, "close"));
    out.println("consumer " + worker.consumer());
    worker.awaitStopped();
  }

  private static Mono<?> handle(Message<String> message, PrintStream out) {
    out.println("start " + message.id() + " " + message.delivery());
    if (message.payload().equals("poison")) {
      Runtime.getRuntime().halt(POISONED);
    }
    return work(message.payload())
        .doOnNext(tick -> out.println("done " + message.id()))
        .doOnCancel(() -> out.println("cancelled " + message.id()));
  }

  private static Mono<Long> work(String payload) {
    if (payload.startsWith("fails")) {
      return Mono.error(new IllegalStateException("as it was told"));
    }
    return payload.startsWith("hangs") ? Mono.never() : Mono.delay(Option.WORK.value());
  }

  private record LostLeases(PrintStream out) implements Observer {
    @Override
    public WorkerObserver worker(String stream, String group, WorkerGauges gauges) {
      return new WorkerObserver() {
        @Override
        public void leaseLost() {
          out.println("lease-lost");
        }
      };
    }

    @Override
    public PublisherObserver publisher(String stream) {
      return PublisherObserver.NONE;
    }
  }
}
