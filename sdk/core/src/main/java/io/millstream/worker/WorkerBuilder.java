package io.millstream.worker;

import io.millstream.codec.MessageStream;
import io.millstream.guard.Guard;
import io.millstream.message.BatchHandler;
import io.millstream.message.BlockingBatchHandler;
import io.millstream.message.BlockingHandler;
import io.millstream.message.BlockingOutcomeHandler;
import io.millstream.message.MessageHandler;
import io.millstream.message.Outcome;
import io.millstream.policy.RetryPolicy;
import io.millstream.worker.WorkerSettings.Capacity;
import io.millstream.worker.WorkerSettings.Membership;
import io.millstream.worker.WorkerSettings.Times;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;

/**
 * Says how a worker is to work. One of the methods whose names begin with {@code handle} must be
 * called; everything else has a default. Not for use by several threads.
 *
 * @param <T> the payload's type
 * @since 0.1
 */
public final class WorkerBuilder<T> {
  private final MessageStream<T> stream;
  private final String group;
  private final WorkerEnvironment environment;
  private final Consumer<Worker> built;
  private @Nullable String consumer;
  private GroupStart start = GroupStart.beginning();
  private LostGroup lostGroup = LostGroup.RESUME;
  private boolean nudge;
  private int concurrency = 16;
  private int batchSize = 1;
  private @Nullable Integer readAhead;
  private int maxWaiting = 10_000;
  private Duration visibilityTimeout = Duration.ofSeconds(60);
  private @Nullable Duration handlerTimeout;
  private Duration drainTimeout = Duration.ofSeconds(20);
  private Duration blockTimeout = Duration.ofSeconds(5);
  private RetryPolicy retry = RetryPolicy.exponential(Duration.ofSeconds(1));
  private ExceptionText exceptionText = ExceptionText.MESSAGE;
  private Guard guard = Guard.NONE;
  private WorkerListener listener = (worker, before, now) -> {};
  private @Nullable Scheduler blockingOn;
  private @Nullable Handling<T> handling;

  /**
   * For {@code Millstream.worker}.
   *
   * @param built is told of each worker that is built
   */
  public WorkerBuilder(
      MessageStream<T> stream,
      String group,
      WorkerEnvironment environment,
      Consumer<Worker> built) {
    this.stream = stream;
    this.group = group;
    this.environment = environment;
    this.built = built;
  }

  /**
   * The consumer's name. Default: a name that no other process has. A fixed name is for one live
   * process at a time: the worker first looks whether it is in use (which takes up to a third of
   * the visibility timeout after a crash) and fails if it is. What is pending under the name is
   * taken up first.
   */
  public WorkerBuilder<T> consumer(String name) {
    consumer = name;
    return this;
  }

  /** Where the group starts if it has to be created. Default: {@link GroupStart#beginning()}. */
  public WorkerBuilder<T> startAt(GroupStart where) {
    start = where;
    return this;
  }

  /** What happens when the group is gone. Default: {@link LostGroup#RESUME}. */
  public WorkerBuilder<T> onLostGroup(LostGroup policy) {
    lostGroup = policy;
    return this;
  }

  /**
   * Whether workers tell each other when they have released something ({@code PUBLISH}), so that
   * others take it up at once and not only in their next round. Costs each process one connection
   * more. Default: no. Both who releases and who takes up must have it switched on.
   */
  public WorkerBuilder<T> nudge(boolean on) {
    nudge = on;
    return this;
  }

  /** How many handler calls at once, no matter how slow one is. Default 16; 1 to 100,000. */
  public WorkerBuilder<T> concurrency(int handlers) {
    concurrency = handlers;
    return this;
  }

  /**
   * How many messages are read before a handler is free for them. Other workers do not get these.
   * Default: as many as may be handled at once; 0 to 100,000.
   */
  public WorkerBuilder<T> readAhead(int messages) {
    readAhead = messages;
    return this;
  }

  /**
   * How many messages may wait for their retry; beyond it reading stops, and the state is {@link
   * WorkerState#SATURATED}. Default 10,000; 1 or more.
   */
  public WorkerBuilder<T> maxWaiting(int messages) {
    maxWaiting = messages;
    return this;
  }

  /**
   * How long an entry may lie idle before another worker may take it over: the lease. It is renewed
   * for all that this worker holds, so a handler may take longer. The same for all workers of a
   * group. Default 60 s; 1 s to 24 h.
   */
  public WorkerBuilder<T> visibilityTimeout(Duration timeout) {
    visibilityTimeout = timeout;
    return this;
  }

  /**
   * How long a handler may take, the time limit of a delivery; then it is cancelled (or
   * interrupted), which counts as a failure, and its message is renewed no more. Default: ten
   * visibility timeouts.
   */
  public WorkerBuilder<T> handlerTimeout(Duration timeout) {
    handlerTimeout = timeout;
    return this;
  }

  /** How long a stop waits for handlers before it cancels them. Default 20 s. */
  public WorkerBuilder<T> drainTimeout(Duration timeout) {
    drainTimeout = timeout;
    return this;
  }

  /**
   * How long a read waits at the server for something new (BLOCK); an entry comes the moment it
   * arrives, whatever this is. Default 5 s; 10 ms to 1 min.
   */
  public WorkerBuilder<T> blockTimeout(Duration timeout) {
    blockTimeout = timeout;
    return this;
  }

  /** What happens after a failure. Default: {@code RetryPolicy.exponential(1 s)}. */
  public WorkerBuilder<T> retry(RetryPolicy policy) {
    retry = policy;
    return this;
  }

  /**
   * What a dead letter tells of the exception besides its class. Default: {@link
   * ExceptionText#MESSAGE}, at most 1,024 chars of it.
   */
  public WorkerBuilder<T> exceptionText(ExceptionText text) {
    exceptionText = text;
    return this;
  }

  /**
   * Asks before each start of a handler, for example a circuit breaker or a rate limiter of
   * Resilience4j: {@code guard(Guards.circuitBreaker(breaker))}. What is held back spends no
   * deliveries; while nothing is let through the worker is {@link WorkerState#PAUSED}. Default:
   * none.
   */
  public WorkerBuilder<T> guard(Guard asked) {
    guard = asked;
    return this;
  }

  /** Hears of each change of the state. Default: nobody. */
  public WorkerBuilder<T> listener(WorkerListener hears) {
    listener = hears;
    return this;
  }

  /** Handles messages without blocking, on threads that must not be blocked. */
  public WorkerBuilder<T> handle(MessageHandler<T> handler) {
    handling = (decoder, threads) -> new ReactiveInvoker<>(decoder, handler, threads.reactive());
    batchSize = 1;
    return this;
  }

  /**
   * The threads for {@link #handleBlocking}, for example virtual ones: {@code
   * Schedulers.fromExecutorService(Executors.newVirtualThreadPerTaskExecutor())}. They must start
   * every task at once; their owner disposes of them. Default: platform threads of the worker's
   * own, as many as handlers run.
   */
  public WorkerBuilder<T> blockingOn(Scheduler threads) {
    blockingOn = threads;
    return this;
  }

  /** Handles messages on threads that may block, as many at once as {@link #concurrency}. */
  public WorkerBuilder<T> handleBlocking(BlockingHandler<T> handler) {
    return handleBlockingOutcome(
        message -> {
          handler.handle(message);
          return Outcome.ack();
        });
  }

  /** As {@link #handleBlocking}, for a handler that says how the delivery ends. */
  public WorkerBuilder<T> handleBlockingOutcome(BlockingOutcomeHandler<T> handler) {
    handling = (decoder, threads) -> new BlockingInvoker<>(decoder, handler, mayBlock(threads));
    batchSize = 1;
    return this;
  }

  private Scheduler mayBlock(HandlerThreads threads) {
    return blockingOn == null ? threads.blocking() : blockingOn;
  }

  /**
   * Handles messages in batches of up to {@code size}, without blocking: what is there when a
   * handler is free, without waiting for a batch to fill.
   *
   * @param size 1 to 10,000
   */
  public WorkerBuilder<T> handleBatch(int size, BatchHandler<T> handler) {
    handling = (decoder, threads) -> new BatchInvoker<>(decoder, handler, threads.reactive());
    batchSize = size;
    return this;
  }

  /**
   * As {@link #handleBatch}, on threads that may block.
   *
   * @param size 1 to 10,000
   */
  public WorkerBuilder<T> handleBlockingBatch(int size, BlockingBatchHandler<T> handler) {
    handling =
        (decoder, threads) -> new BlockingBatchInvoker<>(decoder, handler, mayBlock(threads));
    batchSize = size;
    return this;
  }

  /**
   * Checks everything and builds the worker, which does nothing until it is started.
   *
   * @throws IllegalArgumentException if a setting is wrong, in one line that names it, its value
   *     and what is allowed
   * @throws IllegalStateException if there is no handler
   */
  public Worker build() {
    Capacity capacity =
        new Capacity(
            concurrency,
            batchSize,
            readAhead == null ? Math.min(Capacity.MOST, concurrency * batchSize) : readAhead,
            maxWaiting);
    Times times =
        new Times(
            visibilityTimeout,
            handlerTimeout == null ? visibilityTimeout.multipliedBy(10) : handlerTimeout,
            drainTimeout,
            blockTimeout);
    WorkerSettings settings =
        new WorkerSettings(
            new Membership(group, consumer, start, lostGroup, nudge),
            capacity,
            times,
            retry,
            exceptionText);
    if (handling == null) {
      throw new IllegalStateException(
          "handler: none, allowed: one of handle, handleBlocking, handleBlockingOutcome,"
              + " handleBatch, handleBlockingBatch");
    }
    Worker worker =
        environment.assemble(stream, settings, new Assembly<>(handling, guard, listener));
    built.accept(worker);
    return worker;
  }

  /** {@link #build()}, then {@link Worker#start()}. */
  public Worker start() {
    return build().start();
  }
}
