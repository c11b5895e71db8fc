package io.millstream.examples.benchmarks;

import bench.Config;
import bench.Contender;
import bench.Env;
import bench.Handler;
import bench.Ids;
import bench.Run;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millstream.Millstream;
import io.millstream.message.Message;
import io.millstream.observe.Observer;
import io.millstream.observe.micrometer.MicrometerObserver;
import io.millstream.worker.Worker;
import io.millstream.worker.WorkerBuilder;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * The whole worker as its users have it, for the harness that measures consumers of Redis Streams
 * side by side. Options:
 *
 * <ul>
 *   <li>{@code batch}: how many messages are read ahead (100)
 *   <li>{@code concurrency}: handlers at once; by default what the workload says
 *   <li>{@code meters=on|off}: Micrometer's meters (on)
 *   <li>{@code handler=reactive|loop|blocking|virtual}: on Reactor's parallel threads, on the
 *       worker's own, or blocking, on platform threads or (JDK 21 and later) on virtual ones
 * </ul>
 */
public final class SdkContender implements Contender {
  private Env env;
  private Millstream millstream;

  @Override
  public String name() {
    return "sdk";
  }

  @Override
  public void open(Env given) {
    env = given;
    Observer observer =
        env.opt("meters", "on").equals("on")
            ? new MicrometerObserver(new SimpleMeterRegistry())
            : Observer.NONE;
    millstream = Millstream.connect("redis://" + env.host() + ":" + env.port(), observer);
  }

  @Override
  public Run start(Config config, Handler handler) {
    WorkerBuilder<byte[]> builder =
        millstream
            .worker(OneField.stream(config.stream(), Ids.FIELD), config.group())
            .concurrency(env.opt("concurrency", config.concurrency()))
            .readAhead(config.batch())
            .blockTimeout(Duration.ofMillis(config.pollMillis()));
    Worker worker =
        switch (env.opt("handler", "reactive")) {
          case "reactive" -> builder.handle(message -> handle(handler, message)).start();
          case "loop" ->
              builder.handleOnLoop(true).handle(message -> handle(handler, message)).start();
          case "blocking" -> blocking(builder, handler).start();
          case "virtual" -> blocking(builder.blockingOn(virtualThreads()), handler).start();
          default -> throw new IllegalArgumentException("handler");
        };
    return () -> worker.stop().block();
  }

  private static WorkerBuilder<byte[]> blocking(WorkerBuilder<byte[]> builder, Handler handler) {
    return builder.handleBlocking(
        message -> handler.handleBlocking(index(message), message.payload()));
  }

  /** {@code Executors.newVirtualThreadPerTaskExecutor()}, which Java 17 cannot name. */
  private static Scheduler virtualThreads() {
    try {
      return Schedulers.fromExecutorService(
          (ExecutorService)
              Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("virtual threads need JDK 21 or later", e);
    }
  }

  private static Mono<Void> handle(Handler handler, Message<byte[]> message) {
    CompletionStage<Void> stage = handler.handle(index(message), message.payload());
    return stage.toCompletableFuture().isDone() ? Mono.empty() : Mono.fromCompletionStage(stage);
  }

  private static long index(Message<byte[]> message) {
    return message.id().ms() - Ids.BASE;
  }

  @Override
  public void close() {
    millstream.close();
  }
}
