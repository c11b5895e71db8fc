package io.millstream.examples.fuzz;

import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/**
 * A difference between Redis 8.0, which the Redis in memory models, and another server; told in
 * docs/in-memory-engine.md, with the numbers of docs/redis-rules.md.
 */
enum Difference {
  /** Rule 69: XINFO has fields that came later or that are not there yet. */
  XINFO_FIELDS(server -> server.isRedisBefore(702) || server.isRedisFrom(802), false) {
    @Override
    boolean explains(Step step, Value ours, Value theirs) {
      return sameWithout(Fields.BY_VERSION, ours, theirs);
    }
  },
  /** Rule 68: the lag, and what a group has read, after deletions. */
  LAG(RealServer::isNotTheModel, false) {
    @Override
    boolean explains(Step step, Value ours, Value theirs) {
      return sameWithout(Fields.BY_VERSION_AND_LAG, ours, theirs);
    }
  },
  /** Rules 41 and 42: who gets nothing is not created, and what counts as having been seen. */
  CONSUMERS(server -> server.isRedisBefore(702), false) {
    @Override
    boolean explains(Step step, Value ours, Value theirs) {
      if (step.is("XINFO")) {
        return sameWithout(
            Fields.BY_VERSION_LAG_AND_TIMES,
            Fields.withoutIdleConsumers(ours),
            Fields.withoutIdleConsumers(theirs));
      }
      boolean creates = step.is("XGROUP") && step.words().contains("CREATECONSUMER");
      boolean removes = step.is("EVALSHA") && step.words().size() == 6;
      return (creates || removes) && ours instanceof Value.Whole && theirs instanceof Value.Whole;
    }
  },
  /**
   * XREAD with +: unknown before 7.4; Valkey finds no last entry where the last id is beyond it.
   */
  LAST_ENTRY(server -> server.isRedisBefore(704) || server.isValkey(), true) {
    @Override
    boolean explains(Step step, Value ours, Value theirs) {
      return step.is("XREAD") && step.words().contains("+");
    }
  },
  /** Rules 8 and 32: an error in other words. */
  WORDS(RealServer::isNotTheModel, false) {
    @Override
    boolean explains(Step step, Value ours, Value theirs) {
      return ours.isError()
          && theirs.isError()
          && ours.print().startsWith("-ERR ") == theirs.print().startsWith("-ERR ");
    }
  },
  /** Rule 7: XADD with {@code ms-*}. */
  AUTO_SEQUENCE(server -> server.isRedisBefore(700), true) {
    @Override
    boolean explains(Step step, Value ours, Value theirs) {
      return step.is("XADD") && theirs.isError() && Fields.hasEnding(step.words(), "-*");
    }
  },
  /** XGROUP CREATE and SETID with ENTRIESREAD. */
  ENTRIES_READ(server -> server.isRedisBefore(700), true) {
    @Override
    boolean explains(Step step, Value ours, Value theirs) {
      return step.is("XGROUP") && step.words().contains("ENTRIESREAD");
    }
  },
  /** XSETID has no options before 7.0, and before 7.2 does not look at the last deleted id. */
  XSETID(server -> server.isRedisBefore(702), true) {
    @Override
    boolean explains(Step step, Value ours, Value theirs) {
      return step.is("XSETID") && ours.isError() != theirs.isError();
    }
  },
  /** Rule 65: a claim leaves the row of a deleted entry, and shows nil for it. */
  CLAIM_KEEPS_DELETED(server -> server.isRedisBefore(700), true) {
    @Override
    boolean explains(Step step, Value ours, Value theirs) {
      return step.is("XCLAIM") || step.is("XAUTOCLAIM");
    }
  },
  /** Rules 45 to 51: what a reader is told that was blocked. */
  BLOCKED(server -> server.isRedisBefore(702), true) {
    @Override
    boolean explains(Step step, Value ours, Value theirs) {
      return step.connection() > 0;
    }
  };

  private final Predicate<RealServer> on;
  private final boolean lasts;

  Difference(Predicate<RealServer> on, boolean lasts) {
    this.on = on;
    this.lasts = lasts;
  }

  /** Whether it makes these two replies differ. */
  abstract boolean explains(Step step, Value ours, Value theirs);

  /** Whether what is in the streams may differ from there on. */
  boolean lasts() {
    return lasts;
  }

  private static boolean sameWithout(Fields fields, Value ours, Value theirs) {
    return fields.removedFrom(ours).equals(fields.removedFrom(theirs));
  }

  static List<Difference> of(RealServer server) {
    return Arrays.stream(values()).filter(each -> each.on.test(server)).toList();
  }
}
