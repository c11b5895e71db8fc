package io.millstream.testing;

import io.millstream.testing.RespConnection.ReplyError;
import java.util.List;
import org.awaitility.Awaitility;

/**
 * What some servers can and others cannot. Found by trying, never by comparing versions: Valkey
 * calls itself 7.2.4. The number is the Redis version that brought it.
 */
public enum Capability {
  /** XADD takes {@code ms-*} (7.0). */
  AUTO_SEQUENCE {
    @Override
    boolean probe(String uri, RespConnection redis, String key) {
      return !fails(redis, "XADD", key, "5-*", "f", "v");
    }
  },
  /** XINFO tells lag, entries-read and entries-added (7.0). */
  LAG {
    @Override
    boolean probe(String uri, RespConnection redis, String key) {
      createGroup(redis, key);
      return redis.list("XINFO", "GROUPS", key).get(0) instanceof List<?> row
          && row.contains("lag");
    }
  },
  /** The lag of a stream that was emptied is zero, whatever its groups have read (8.0). */
  EMPTIED_HAS_NO_LAG {
    @Override
    boolean probe(String uri, RespConnection redis, String key) {
      createPending(redis, key);
      redis.call("XADD", key, "2-0", "f", "v");
      redis.call("XDEL", key, "2-0", "1-0");
      return redis.list("XINFO", "GROUPS", key).get(0) instanceof List<?> row
          && row.contains("lag")
          && Long.valueOf(0).equals(row.get(row.indexOf("lag") + 1));
    }
  },
  /** A claim removes the pending row of a deleted entry and leaves it out (7.0). */
  CLAIM_DROPS_DELETED {
    @Override
    boolean probe(String uri, RespConnection redis, String key) {
      createPending(redis, key);
      redis.call("XDEL", key, "1-0");
      redis.call("XCLAIM", key, "g", "other", "0", "1-0");
      return Long.valueOf(0).equals(redis.list("XPENDING", key, "g").get(0));
    }
  },
  /** XAUTOCLAIM answers the ids of deleted entries as a third element (7.0). */
  XAUTOCLAIM_DELETED {
    @Override
    boolean probe(String uri, RespConnection redis, String key) {
      createGroup(redis, key);
      return redis.list("XAUTOCLAIM", key, "g", "c", "0", "0").size() == 3;
    }
  },
  /** XINFO CONSUMERS tells inactive (7.2). */
  INACTIVE {
    @Override
    boolean probe(String uri, RespConnection redis, String key) {
      createPending(redis, key);
      return redis.list("XINFO", "CONSUMERS", key, "g").get(0) instanceof List<?> row
          && row.contains("inactive");
    }
  },
  /** A read or claim that brings nothing creates its consumer all the same (7.2). */
  CONSUMER_ALWAYS_CREATED {
    @Override
    boolean probe(String uri, RespConnection redis, String key) {
      createGroup(redis, key);
      redis.call("XREADGROUP", "GROUP", "g", "c", "STREAMS", key, ">");
      return !redis.list("XINFO", "CONSUMERS", key, "g").isEmpty();
    }
  },
  /** A reader that is blocked learns that its key or group is gone (7.0). */
  DELETION_UNBLOCKS {
    @Override
    boolean probe(String uri, RespConnection redis, String key) {
      return !"nil".equals(afterDeletion(uri, redis, key));
    }
  },
  /** A blocked reader that is woken runs its command again and answers as if it were new (7.2). */
  BLOCKED_READ_RERUN {
    @Override
    boolean probe(String uri, RespConnection redis, String key) {
      return afterDeletion(uri, redis, key).startsWith("NOGROUP");
    }
  };

  /** Tries it. The key is unused so far, and removed afterwards. */
  abstract boolean probe(String uri, RespConnection redis, String key);

  private static boolean fails(RespConnection redis, String... command) {
    try {
      redis.call(command);
      return false;
    } catch (ReplyError e) {
      return true;
    }
  }

  private static void createGroup(RespConnection redis, String key) {
    redis.call("XGROUP", "CREATE", key, "g", "0", "MKSTREAM");
  }

  private static void createPending(RespConnection redis, String key) {
    createGroup(redis, key);
    redis.call("XADD", key, "1-0", "f", "v");
    redis.call("XREADGROUP", "GROUP", "g", "c", "STREAMS", key, ">");
  }

  /** What a blocked read answers when its key is deleted: {@code nil} or an error. */
  private static String afterDeletion(String uri, RespConnection redis, String key) {
    createGroup(redis, key);
    try (var reader = new RespConnection(uri)) {
      String id = reader.text("CLIENT", "ID");
      reader.send("XREADGROUP", "GROUP", "g", "c", "BLOCK", "60000", "STREAMS", key, ">");
      Awaitility.await().until(() -> isBlocked(redis, id));
      redis.call("DEL", key);
      // one that is still blocked then has not heard of it
      redis.call("CLIENT", "UNBLOCK", id, "TIMEOUT");
      return reader.receive() == null ? "nil" : "something";
    } catch (ReplyError e) {
      return String.valueOf(e.getMessage());
    }
  }

  private static boolean isBlocked(RespConnection redis, String id) {
    return redis
        .text("CLIENT", "LIST")
        .lines()
        .anyMatch(line -> line.startsWith("id=" + id + " ") && line.contains(" flags=b"));
  }
}
