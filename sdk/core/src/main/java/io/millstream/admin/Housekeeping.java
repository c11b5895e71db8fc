package io.millstream.admin;

import io.millstream.engine.AdminSteps;
import io.millstream.engine.AdminSteps.SafeTrim;
import io.millstream.engine.AdminSteps.Trimmed;
import io.millstream.engine.AtomicSteps;
import io.millstream.engine.ConsumerInfo;
import io.millstream.engine.Engine;
import java.time.Duration;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Keeps streams and groups from growing for ever. */
final class Housekeeping {
  /** Beyond what a live worker's read may wait at the server without a sign of it. */
  private static final Duration LEAST_IDLE = Duration.ofMinutes(2);

  private final Engine engine;

  Housekeeping(Engine engine) {
    this.engine = engine;
  }

  /** Rounds that keep the server busy for a moment each. */
  Flux<TrimProgress> trim(String key, TrimLimit limit, boolean withoutGroups) {
    Mono<Trimmed> round =
        engine
            .adminSteps()
            .trim(
                new SafeTrim(
                    key,
                    limit.maxLength(),
                    limit.maxAge(),
                    limit.ignored(),
                    withoutGroups,
                    AdminSteps.MAX_TRIMMED));
    return round
        .expand(done -> done.more() ? round : Mono.empty())
        .scan(new TrimProgress(0, 0, null), Housekeeping::plus)
        .skip(1);
  }

  private static TrimProgress plus(TrimProgress sum, Trimmed round) {
    return new TrimProgress(sum.removed() + round.removed(), round.length(), round.heldBackBy());
  }

  Mono<List<String>> removeGoneConsumers(String key, String group, Duration idle) {
    if (idle.compareTo(LEAST_IDLE) < 0) {
      throw new IllegalArgumentException("idle: " + idle + ", allowed: " + LEAST_IDLE + " or more");
    }
    return engine
        .groups()
        .infoConsumers(key, group)
        .flatMapIterable(consumers -> consumers)
        .filter(consumer -> looksGone(consumer, idle))
        .map(ConsumerInfo::name)
        .concatMap(
            name ->
                engine
                    .adminSteps()
                    .removeIdleConsumer(key, group, name, idle)
                    .filter(gone -> gone)
                    .map(gone -> name))
        .collectList();
  }

  private static boolean looksGone(ConsumerInfo consumer, Duration idle) {
    return consumer.pending() == 0
        && consumer.idle().compareTo(idle) >= 0
        && !consumer.name().equals(AtomicSteps.RELEASED);
  }
}
