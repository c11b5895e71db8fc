package io.millstream.worker;

import io.millstream.engine.CreateArgs;
import io.millstream.engine.GroupInfo;
import io.millstream.engine.RedisException;
import io.millstream.entry.EntryId;
import io.millstream.worker.Trouble.Duty;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that the group is there: creates it with its stream (XGROUP CREATE MKSTREAM), and
 * again if it got lost, where this worker had come to. That somebody else was first (BUSYGROUP) is
 * fine.
 */
final class GroupKeeper {
  private static final Logger log = LoggerFactory.getLogger(Worker.class);

  private final WorkerContext worker;
  private final Backoff backoff;
  private final List<Runnable> whenThere = new ArrayList<>();
  private @Nullable EntryId
      floor; // where the group started, so that a lost one does not start before that
  private @Nullable EntryId lastSeen;
  private boolean underWay;

  GroupKeeper(WorkerContext worker) {
    this.worker = worker;
    this.backoff = worker.backoff();
  }

  /** Something new was read. */
  void seen(EntryId id) {
    if (lastSeen == null || id.compareTo(lastSeen) > 0) {
      lastSeen = id;
    }
  }

  /** Creates the group where the user wants it to start, unless it is there. */
  void ensure(Runnable then) {
    create(worker.settings().start().id(), () -> learnFloor(then));
  }

  /**
   * The group is gone (NOGROUP): makes it anew at the least of what this worker holds and the last
   * it saw, never before the chosen start. Handlers run on.
   */
  void restore(Runnable then) {
    if (!underWay) {
      log.warn("{}: the group is gone, creating it again at {}", worker.name(), resumePoint());
      worker.inFlight().all().forEach(held -> held.rowless = true);
    }
    create(resumePoint(), then);
  }

  private String resumePoint() {
    EntryId point = lastSeen;
    for (Held held : worker.inFlight().all()) {
      if (point == null || held.id.compareTo(point) <= 0) {
        point = held.id.previous();
      }
    }
    EntryId least = floor;
    if (point == null) {
      return least == null ? worker.settings().start().id() : least.toString();
    }
    return (least != null && point.compareTo(least) < 0 ? least : point).toString();
  }

  private void create(String start, Runnable then) {
    whenThere.add(then);
    if (underWay) {
      return;
    }
    underWay = true;
    attempt(start);
  }

  private void attempt(String start) {
    worker
        .loop()
        .ask(
            worker
                .groups()
                .create(worker.stream(), worker.group(), CreateArgs.from(start))
                .thenReturn(true),
            created -> there(),
            error -> {
              if (error.is("BUSYGROUP")) {
                there();
              } else {
                worker.tryAgain(Duty.BOOTSTRAP, error, backoff, () -> attempt(start));
              }
            });
  }

  private void there() {
    worker.succeeded(Duty.BOOTSTRAP, backoff);
    underWay = false;
    List<Runnable> waiting = List.copyOf(whenThere);
    whenThere.clear();
    waiting.forEach(Runnable::run);
  }

  private void learnFloor(Runnable then) {
    if (!worker.settings().start().equals(GroupStart.end())) {
      floor = EntryId.parse(worker.settings().start().id());
      then.run();
      return;
    }
    // "$" was an id at the time: a lost group must not skip what came since
    worker
        .loop()
        .ask(
            worker.groups().infoGroups(worker.stream()),
            groups -> {
              floor =
                  groups.stream()
                      .filter(group -> group.name().equals(worker.group()))
                      .map(GroupInfo::lastDeliveredId)
                      .findFirst()
                      .orElse(null);
              then.run();
            },
            (RedisException error) ->
                worker.tryAgain(Duty.BOOTSTRAP, error, backoff, () -> ensure(then)));
  }
}
