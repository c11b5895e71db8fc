package io.millstream.process;

import io.millstream.Millstream;
import io.millstream.codec.MessageStream;
import io.millstream.policy.RetryPolicy;
import io.millstream.worker.Worker;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import reactor.core.publisher.Mono;

/**
 * A worker in a JVM of its own, for tests that kill it. Says on its standard output what its
 * handlers do, a line each: {@code start ID DELIVERY}, {@code done ID}. A message that says {@code
 * poison} ends the JVM at once.
 */
public final class WorkerProcess {
  /** The exit status of a JVM that was ended by poison. */
  public static final int POISONED = 77;

  public static final String GROUP = "workers";

  private WorkerProcess() {}

  /**
   * Runs until it is killed.
   *
   * @param args the server's URI, the stream, concurrency, the handler's milliseconds,
   *     maxDeliveries
   */
  public static void main(String[] args) {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    Duration work = Duration.ofMillis(Long.parseLong(args[3]));
    Millstream millstream = Millstream.connect(args[0]);
    Worker worker =
        millstream
            .worker(MessageStream.string(args[1]), GROUP)
            .concurrency(Integer.parseInt(args[2]))
            .visibilityTimeout(Duration.ofSeconds(1))
            .blockTimeout(Duration.ofMillis(500))
            .retry(
                RetryPolicy.fixed(Duration.ofMillis(100)).maxDeliveries(Integer.parseInt(args[4])))
            .handle(
                message -> {
                  out.println("start " + message.id() + " " + message.delivery());
                  if (message.payload().equals("poison")) {
                    Runtime.getRuntime().halt(POISONED);
                  }
                  return Mono.delay(work).doOnNext(tick -> out.println("done " + message.id()));
                })
            .start();
    worker.awaitStopped();
  }
}
