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
  private final List<Runnable> whenThere = new ArrayList<>();
  private @Nullable EntryId
      floor; // where the group started, so that a lost one does not start before that
  private @Nullable EntryId lastSeen;
  private boolean underWay;

  GroupKeeper(WorkerContext worker) {
    this.worker = worker;
  }

  /** Something new was read. */
  void seen(EntryId id) {
    if (lastSeen == null || id.compareTo(lastSeen) > 0) {
      lastSeen = id;
    }
  }

  /** Creates the group where the user wants it to start, unless it is there. */
  void ensure(Runnable then) {
    create(worker.settings().membership().start().id(), () -> learnPosition(then));
  }

  /**
   * The group is gone (NOGROUP): makes it anew where the policy says. Handlers run on. Until the
   * group is there again nobody can have taken over what is held: its leases count from now.
   *
   * @param then runs when it is there again, whoever made it
   */
  void restore(Runnable then) {
    if (underWay) {
      return;
    }
    String where =
        switch (worker.settings().membership().lostGroup()) {
          case BEGINNING -> GroupStart.beginning().id();
          case END -> GroupStart.end().id();
          case RESUME -> resumePoint();
          case FAIL -> throw new IllegalStateException("a worker that fails makes no group anew");
        };
    log.warn("{}: the group is gone, creating it again at {}", worker.name(), where);
    create(
        where,
        () -> {
          long now = worker.loop().nanos();
          worker.inFlight().all().forEach(held -> held.leasedNanos = now);
          then.run();
        });
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
      return least == null ? worker.settings().membership().start().id() : least.toString();
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
                worker.attempts().failed(Duty.BOOTSTRAP, error, () -> attempt(start));
              }
            });
  }

  private void there() {
    worker.attempts().succeeded(Duty.BOOTSTRAP);
    underWay = false;
    List<Runnable> waiting = List.copyOf(whenThere);
    whenThere.clear();
    waiting.forEach(Runnable::run);
  }

  /**
   * Where the group is now. "$" was an id at the time: a lost group must not skip what came since.
   * And a worker that has read nothing yet must not make a lost group anew at its beginning.
   */
  private void learnPosition(Runnable then) {
    worker
        .loop()
        .ask(
            worker.groups().infoGroups(worker.stream()),
            groups -> {
              GroupStart start = worker.settings().membership().start();
              if (!start.equals(GroupStart.end())) {
                floor = EntryId.parse(start.id());
              }
              groups.stream()
                  .filter(group -> group.name().equals(worker.group()))
                  .map(GroupInfo::lastDeliveredId)
                  .forEach(
                      last -> {
                        seen(last);
                        floor = floor == null ? last : floor;
                      });
              then.run();
            },
            (RedisException error) ->
                worker.attempts().failed(Duty.BOOTSTRAP, error, () -> ensure(then)));
  }
}
