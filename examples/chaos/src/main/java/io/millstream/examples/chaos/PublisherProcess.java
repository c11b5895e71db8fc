package io.millstream.examples.chaos;

import io.millstream.Millstream;
import io.millstream.engine.RedisException;
import io.millstream.examples.chaos.Line.Event;
import io.millstream.publish.MessagePublisher;
import io.millstream.publish.UnconfirmedException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * A JVM that publishes its share of the {@link Workload}, one message after the other, until
 * SIGTERM. Nothing is published again: what ended as "outcome unknown" stays unknown.
 *
 * <p>Arguments: the server's URI, the publisher's number, its name, the folder of the ledgers, the
 * seed, whether there are replicas.
 */
final class PublisherProcess {
  private final int number;
  private final Workload workload;
  private final MessagePublisher<String> publisher;
  private final Ledger ledger;

  private PublisherProcess(
      int number, Workload workload, MessagePublisher<String> publisher, Ledger ledger) {
    this.number = number;
    this.workload = workload;
    this.publisher = publisher;
    this.ledger = ledger;
  }

  /** See the class. */
  public static void main(String[] args) throws IOException, InterruptedException {
    Orphans.endWithParent();
    String name = args[2];
    Ledger ledger =
        new Ledger(name, LedgerReader.path(Path.of(args[3]), name), System::currentTimeMillis);
    Millstream millstream = Millstream.connect(args[0]);
    CountDownLatch ended = new CountDownLatch(1);
    PublisherProcess process =
        new PublisherProcess(
            Integer.parseInt(args[1]),
            new Workload(Long.parseLong(args[4])),
            publisher(millstream, Boolean.parseBoolean(args[5])),
            ledger);
    CountDownLatch asked = new CountDownLatch(1);
    Disposable publishing = process.publish(asked).subscribe(null, null, ended::countDown);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  asked.countDown();
                  awaitQuietly(ended);
                  publishing.dispose();
                  millstream.close();
                },
                "stop-publisher"));
    ended.await();
  }

  /** With replicas a message counts as published when one of them has it. */
  private static MessagePublisher<String> publisher(Millstream millstream, boolean replicas) {
    MessagePublisher<String> publisher = millstream.publisher(Rules.JOBS);
    return replicas ? publisher.confirmReplicas(1, Rules.CONFIRM) : publisher;
  }

  private static void awaitQuietly(CountDownLatch ended) {
    try {
      // the engine waits no longer for a reply
      if (!ended.await(15, TimeUnit.SECONDS)) {
        System.err.println("the last XADD was not answered");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The message under way is waited for. */
  private Flux<Void> publish(CountDownLatch asked) {
    return Flux.interval(Rules.PUBLISH_EVERY, Schedulers.parallel())
        .takeWhile(tick -> asked.getCount() > 0)
        .onBackpressureDrop()
        .scan(0, (last, tick) -> last + 1)
        .skip(1)
        .concatMap(next -> publish(workload.job(number, next)), 1);
  }

  private Mono<Void> publish(Job job) {
    ledger.write(Event.SENT, job.key());
    return publisher
        .publish(job.text())
        .doOnNext(id -> ledger.write(Event.PUBLISHED, job.key(), id))
        .onErrorResume(
            RedisException.class,
            error -> {
              ledger.write(error.outcomeUnknown() ? Event.UNKNOWN : Event.REFUSED, job.key());
              return Mono.empty();
            })
        .onErrorResume(
            UnconfirmedException.class,
            error -> {
              ledger.write(Event.UNCONFIRMED, job.key(), error.id());
              return Mono.empty();
            })
        .then();
  }
}
