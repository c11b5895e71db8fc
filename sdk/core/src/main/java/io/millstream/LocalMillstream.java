package io.millstream;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.millstream.admin.StreamAdmin;
import io.millstream.codec.MessageStream;
import io.millstream.engine.Engine;
import io.millstream.engine.lettuce.LettuceEngine;
import io.millstream.engine.memory.InMemoryServer;
import io.millstream.observe.Observer;
import io.millstream.publish.MessagePublisher;
import io.millstream.publish.PublishSettings;
import io.millstream.worker.Worker;
import io.millstream.worker.WorkerBuilder;
import io.millstream.worker.WorkerEnvironment;
import java.net.URI;
import java.security.SecureRandom;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * A {@link Millstream} in this process: the one place where engines, threads and workers are put
 * together.
 */
final class LocalMillstream implements Millstream {
  private final Engine engine;
  private final WorkerEnvironment environment;
  private final Scheduler ownLoops;
  private final Set<Worker> workers = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean hooked = new AtomicBoolean();
  private final Sinks.Empty<Void> stopped = Sinks.empty();
  private final Mono<Void> stopping;

  private LocalMillstream(Engine engine, Scheduler loops, Observer observer) {
    this.engine = engine;
    this.ownLoops = loops;
    this.environment =
        new WorkerEnvironment(
            engine,
            loops,
            Schedulers.parallel(),
            LocalMillstream::blockingThreads,
            observer,
            new SecureRandom());
    this.stopping =
        Mono.defer(
                () ->
                    Flux.fromIterable(workers)
                        .flatMap(Worker::stop)
                        .then(engine.close())
                        .doFinally(
                            signal -> {
                              ownLoops.dispose();
                              stopped.tryEmitEmpty();
                            }))
            .cache();
  }

  static Millstream connect(String uri, Observer observer) {
    RedisURI parsed = parse(uri);
    Scheduler loops = loops();
    return new LocalMillstream(LettuceEngine.connect(parsed, loops), loops, observer);
  }

  /**
   * A thread for each handler call, kept for the next one. Reactor's bounded-elastic binds a task
   * to a thread before that is free, so that a handler could wait behind one that hangs.
   */
  private static Scheduler blockingThreads() {
    AtomicInteger number = new AtomicInteger();
    return Schedulers.fromExecutorService(
        Executors.newCachedThreadPool(
            task -> {
              Thread thread = new Thread(task, "millstream-blocking-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            }),
        "millstream-blocking");
  }

  private static RedisURI parse(String uri) {
    try {
      RedisURI parsed = RedisURI.create(uri);
      // Lettuce takes redis://host:port-that-is-no-number for its default host
      if (!uri.startsWith("redis") || URI.create(uri).getHost() != null) {
        return parsed;
      }
    } catch (IllegalArgumentException e) {
      // said below
    }
    // neither the value as it is nor the cause: both may show the password
    throw new IllegalArgumentException(
        "uri: '"
            + uri.replaceFirst("(?s)^(\\w[\\w+.-]*:/+)?.*@", "$1***@")
            + "', allowed: redis://[[user:]password@]host[:port][/database], or rediss:// for TLS");
  }

  static Millstream using(Supplier<RedisClient> client, Observer observer) {
    Scheduler loops = loops();
    return new LocalMillstream(LettuceEngine.using(client, loops), loops, observer);
  }

  static Millstream inMemory(InMemoryServer server, Observer observer) {
    return new LocalMillstream(server.connect(), loops(), observer);
  }

  private static Scheduler loops() {
    return Schedulers.newParallel(
        "millstream-loop", Math.min(4, Runtime.getRuntime().availableProcessors()), true);
  }

  @Override
  public <T> MessagePublisher<T> publisher(MessageStream<T> stream, PublishSettings settings) {
    return new MessagePublisher<>(
        engine,
        environment.handlers(),
        stream,
        settings,
        environment.observer().publisher(stream.name()));
  }

  @Override
  public <T> WorkerBuilder<T> worker(MessageStream<T> stream, String group) {
    return new WorkerBuilder<>(stream, group, environment, this::keep);
  }

  private void keep(Worker worker) {
    workers.add(worker);
    worker.whenStopped().onErrorComplete().subscribe(null, null, () -> workers.remove(worker));
  }

  @Override
  public StreamAdmin admin() {
    return new StreamAdmin(engine, environment.handlers());
  }

  @Override
  public Engine engine() {
    return engine;
  }

  @Override
  public Mono<Void> stop() {
    Mono<Void> result = stopping;
    result.subscribe();
    return result;
  }

  @Override
  public Millstream stopOnShutdown() {
    if (hooked.compareAndSet(false, true)) {
      Thread hook = new Thread(this::close, "millstream-stop");
      Runtime.getRuntime().addShutdownHook(hook);
      stopped.asMono().subscribe(null, null, () -> unhook(hook));
    }
    return this;
  }

  /** So that a Millstream that was closed is not kept by its hook. */
  private static void unhook(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // it is the hook that has closed it
    }
  }

  @Override
  public void close() {
    stop().block();
  }
}
