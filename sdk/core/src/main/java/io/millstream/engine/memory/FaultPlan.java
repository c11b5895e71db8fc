package io.millstream.engine.memory;

import io.millstream.engine.RedisException;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** The faults that are still to happen, by command. Guarded by the server's lock. */
final class FaultPlan {
  private final Map<String, Queue<RedisException>> failures = new HashMap<>();
  private final Map<String, Integer> lostReplies = new HashMap<>();

  void fail(String command, int times, RedisException error) {
    Queue<RedisException> queue = failures.computeIfAbsent(command, c -> new ArrayDeque<>());
    for (int i = 0; i < times; i++) {
      queue.add(error);
    }
  }

  void loseReply(String command, int times) {
    lostReplies.merge(command, times, Integer::sum);
  }

  /** The error that this run of the command shall end with before it does anything, or null. */
  @Nullable RedisException nextFailure(String command) {
    Queue<RedisException> queue = failures.get(command);
    return queue == null ? null : queue.poll();
  }

  /** Whether the reply to this run of the command shall be lost. */
  boolean losesReply(String command) {
    int left = lostReplies.getOrDefault(command, 0);
    if (left == 0) {
      return false;
    }
    lostReplies.put(command, left - 1);
    return true;
  }

  void clear() {
    failures.clear();
    lostReplies.clear();
  }
}
