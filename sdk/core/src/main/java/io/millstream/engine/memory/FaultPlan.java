package io.millstream.engine.memory;

import io.millstream.engine.RedisException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The faults that are still to happen, in the order asked for. Guarded by the server's lock. */
final class FaultPlan {
  /** What happens instead of a command, or to its reply. */
  sealed interface Kind {
    /** It fails without effect. */
    record Fail(RedisException error) implements Kind {}

    /** It takes effect, and its reply is lost. */
    record LoseReply() implements Kind {}

    /** It takes effect, and then all connections break and come back. */
    record DropConnection() implements Kind {}
  }

  /**
   * Which commands.
   *
   * @param name null for any that a server could refuse
   * @param key null for any
   * @param group null for any
   */
  record Match(@Nullable String name, @Nullable String key, @Nullable String group) {
    // opening and closing a connection is no command that a server in trouble refuses
    private static final Set<String> NO_COMMANDS =
        Set.of("openReader", "CLIENT KILL", "CLIENT UNBLOCK");

    boolean fits(Called called) {
      return (name == null ? !NO_COMMANDS.contains(called.name()) : name.equals(called.name()))
          && (key == null || called.keys().contains(key))
          && (group == null || group.equals(called.group()));
    }
  }

  private static final class Planned {
    final Match match;
    final Kind kind;
    int toPass;
    int left;

    Planned(Match match, Kind kind, int toPass, int left) {
      this.match = match;
      this.kind = kind;
      this.toPass = toPass;
      this.left = left;
    }
  }

  private final List<Planned> planned = new ArrayList<>();

  /**
   * Plans a fault.
   *
   * @param pass how many that match go through before
   * @param times how many then meet with it
   */
  void add(Match match, Kind kind, int pass, int times) {
    if (times > 0) {
      planned.add(new Planned(match, kind, pass, times));
    }
  }

  /** What befalls this run of the command, or null. */
  @Nullable Kind next(Called called) {
    for (Iterator<Planned> each = planned.iterator(); each.hasNext(); ) {
      Planned fault = each.next();
      if (!fault.match.fits(called)) {
        continue;
      }
      if (fault.toPass > 0) {
        fault.toPass--;
        continue;
      }
      if (fault.left != Integer.MAX_VALUE && --fault.left == 0) {
        each.remove();
      }
      return fault.kind;
    }
    return null;
  }

  void clear() {
    planned.clear();
  }
}
