package io.millstream.admin;

import io.millstream.codec.DeadLetterStory;
import io.millstream.codec.MessageStream;
import io.millstream.codec.RedriveMark;
import io.millstream.engine.AdminSteps;
import io.millstream.engine.AdminSteps.Redriven;
import io.millstream.engine.Engine;
import io.millstream.entry.EntryId;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Brings dead letters back to their group, chunk by chunk. */
final class Redriver {
  private static final AdminSteps.Names NAMES =
      new AdminSteps.Names(
          DeadLetterStory.STREAM,
          DeadLetterStory.ID,
          DeadLetterStory.GROUP,
          RedriveMark.ID,
          RedriveMark.GROUP);

  private static final double CHUNKS_PER_SECOND = 4;

  private final Engine engine;
  private final DeadLetterBox box;
  private final Scheduler time;

  Redriver(Engine engine, DeadLetterBox box, Scheduler time) {
    this.engine = engine;
    this.box = box;
    this.time = time;
  }

  Flux<RedriveProgress> run(MessageStream<?> stream, String group, Redrive redrive) {
    return total(stream, group, redrive)
        .flatMapMany(
            total ->
                chosen(stream, group, redrive)
                    .take(redrive.limit())
                    .buffer(chunkSize(redrive.perSecond()))
                    .index()
                    .concatMap(
                        chunk ->
                            pause(chunk.getT1(), redrive.perSecond())
                                .then(send(stream, group, chunk.getT2(), redrive.isDryRun())),
                        1)
                    .scan(RedriveProgress.none(total), RedriveProgress::plus));
  }

  private Mono<Long> total(MessageStream<?> stream, String group, Redrive redrive) {
    List<EntryId> ids = redrive.ids();
    Mono<Long> there = ids == null ? box.count(stream, group) : Mono.just((long) ids.size());
    return there.map(count -> Math.min(count, redrive.limit()));
  }

  /**
   * The end is fixed first: what fails again and comes back to the box is not redriven once more.
   */
  private Flux<EntryId> chosen(MessageStream<?> stream, String group, Redrive redrive) {
    List<EntryId> ids = redrive.ids();
    if (ids == null) {
      return box.newest(stream, group)
          .flatMapMany(newest -> box.upTo(stream, group, newest.toString()))
          .filter(redrive.filter())
          .map(DeadLetter::id);
    }
    if (!redrive.isFiltered()) {
      return Flux.fromIterable(ids); // those that are gone are told of as well
    }
    return Flux.fromIterable(ids)
        .concatMap(id -> box.one(stream, group, id))
        .filter(redrive.filter())
        .map(DeadLetter::id);
  }

  private static int chunkSize(@Nullable Double perSecond) {
    if (perSecond == null) {
      return AdminSteps.MAX_LETTERS;
    }
    double even = perSecond / CHUNKS_PER_SECOND;
    return (int) Math.max(1, Math.min(AdminSteps.MAX_LETTERS, even));
  }

  private Mono<Void> pause(long chunk, @Nullable Double perSecond) {
    if (chunk == 0 || perSecond == null) {
      return Mono.empty();
    }
    double seconds = chunkSize(perSecond) / perSecond;
    return Mono.delay(Duration.ofNanos((long) (seconds * 1e9)), time).then();
  }

  private Mono<List<Redriven>> send(
      MessageStream<?> stream, String group, List<EntryId> letters, boolean dryRun) {
    return engine
        .adminSteps()
        .redrive(
            new AdminSteps.Redrive(
                stream.name(), group, stream.deadLetterKey(group), NAMES, letters, dryRun))
        .flatMap(
            fates ->
                !dryRun && fates.contains(Redriven.IN_PLACE)
                    ? nudge(stream, group).thenReturn(fates)
                    : Mono.just(fates));
  }

  /** Workers that listen take it up at once, others in their next round. */
  private Mono<Void> nudge(MessageStream<?> stream, String group) {
    return engine.signals().publish(stream.nudgeChannel(group)).then().onErrorComplete();
  }
}
