package io.millstream.test.redis;

import io.millstream.engine.AutoClaimed;
import io.millstream.engine.ClaimArgs;
import io.millstream.engine.GroupCommands;
import io.millstream.engine.PendingArgs;
import io.millstream.engine.RedisException;
import io.millstream.entry.Entry;
import io.millstream.entry.EntryId;
import io.millstream.test.redis.Command.Flags;
import io.millstream.test.redis.Command.Keys;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** XCLAIM and XAUTOCLAIM. */
final class ClaimCommands {
  private static final long MOST_COUNT = Long.MAX_VALUE / 16;

  void addTo(CommandTable table) {
    table
        .add("xclaim", -6, Flags.WRITE, Keys.FIRST, ClaimCommands::claim)
        .add("xautoclaim", -6, Flags.WRITE, Keys.FIRST, ClaimCommands::autoClaim);
  }

  private static Reply claim(Client client, Request request) {
    GroupCommands groups = client.database().engine().groups();
    String key = request.text(1);
    String group = request.text(2);
    String consumer = request.text(3);
    Claim claim;
    try {
      claim = new Claim(request);
    } catch (RedisException e) {
      // a group that is missing is found before what is wrong with the rest
      groups.pending(key, group, PendingArgs.all(0)).block();
      throw e;
    }
    if (claim.justId) {
      return Replies.ids(
          Now.some(
              groups.claimJustId(key, group, consumer, claim.minIdle, claim.ids, claim.args())));
    }
    return Replies.entries(
        Now.some(groups.claim(key, group, consumer, claim.minIdle, claim.ids, claim.args())));
  }

  /** The words of XCLAIM after the consumer. */
  private static final class Claim {
    private final Duration minIdle;
    private final List<EntryId> ids = new ArrayList<>();
    private @Nullable Duration idle;
    private @Nullable Long time;
    private @Nullable Long retryCount;
    private @Nullable EntryId lastId;
    private boolean force;
    private boolean justId;

    Claim(Request request) {
      minIdle =
          Duration.ofMillis(
              Math.max(0, request.number(4, "Invalid min-idle-time argument for XCLAIM")));
      int i = 5;
      while (i < request.size() && isId(request.text(i))) {
        ids.add(Ids.strict(request.text(i)));
        i++;
      }
      if (ids.isEmpty()) {
        ids.add(
            EntryId.MIN); // an option came at once: the claim is one of nothing, and no id is 0-0
      }
      while (i < request.size()) {
        i += option(request, i);
      }
    }

    private static boolean isId(String text) {
      try {
        EntryId.parse(text);
        return true;
      } catch (IllegalArgumentException e) {
        return false;
      }
    }

    /** Reads an option and tells how many words it has. */
    private int option(Request request, int i) {
      boolean more = i + 1 < request.size();
      if (request.is(i, "FORCE")) {
        force = true;
        return 1;
      }
      if (request.is(i, "JUSTID")) {
        justId = true;
        return 1;
      }
      if (request.is(i, "IDLE") && more) {
        idle = Duration.ofMillis(request.number(i + 1, invalid("IDLE")));
        time = null;
      } else if (request.is(i, "TIME") && more) {
        time = request.number(i + 1, invalid("TIME"));
        idle = null;
      } else if (request.is(i, "RETRYCOUNT") && more) {
        retryCount = request.number(i + 1, invalid("RETRYCOUNT"));
      } else if (request.is(i, "LASTID") && more) {
        lastId = Ids.strict(request.text(i + 1));
      } else {
        throw Failures.err("Unrecognized XCLAIM option '" + request.text(i) + "'");
      }
      return 2;
    }

    private static String invalid(String option) {
      return "Invalid " + option + " option argument for XCLAIM";
    }

    ClaimArgs args() {
      return new ClaimArgs(idle, time, retryCount, force, lastId);
    }
  }

  private static Reply autoClaim(Client client, Request request) {
    GroupCommands groups = client.database().engine().groups();
    Duration minIdle =
        Duration.ofMillis(
            Math.max(0, request.number(4, "Invalid min-idle-time argument for XAUTOCLAIM")));
    EntryId start = Ids.start(request.text(5));
    Long count = null;
    boolean justId = false;
    for (int i = 6; i < request.size(); i++) {
      if (request.is(i, "COUNT") && i + 1 < request.size()) {
        i++;
        count = count(request, i);
      } else if (request.is(i, "JUSTID")) {
        justId = true;
      } else {
        throw Failures.syntax();
      }
    }
    String key = request.text(1);
    String group = request.text(2);
    String consumer = request.text(3);
    if (justId) {
      AutoClaimed<EntryId> claimed =
          Now.some(groups.autoClaimJustId(key, group, consumer, minIdle, start, count));
      return reply(claimed, Replies.ids(claimed.claimed()));
    }
    AutoClaimed<Entry> claimed =
        Now.some(groups.autoClaim(key, group, consumer, minIdle, start, count));
    return reply(claimed, Replies.entries(claimed.claimed()));
  }

  private static long count(Request request, int i) {
    String error = "COUNT must be > 0";
    long count = request.number(i, error);
    if (count < 1 || count > MOST_COUNT) {
      throw Failures.err(error);
    }
    return count;
  }

  private static Reply reply(AutoClaimed<?> claimed, Reply what) {
    return Reply.array(Replies.id(claimed.cursor()), what, Replies.ids(claimed.deleted()));
  }
}
