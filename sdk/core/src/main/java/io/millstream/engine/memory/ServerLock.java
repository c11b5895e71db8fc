package io.millstream.engine.memory;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The one lock of a server. Nobody outside is called while it is held: what is to be handed to a
 * scheduler or a subscriber waits until it is free. It may be taken again by the thread that holds
 * it.
 */
final class ServerLock {
  private final ReentrantLock lock = new ReentrantLock();
  private List<Runnable> afterwards = new ArrayList<>(); // guarded by lock

  /** Runs the body with the lock held, and then, without it, what the body left to do. */
  <T extends @Nullable Object> T locked(Supplier<T> body) {
    List<Runnable> leftToDo = List.of();
    try {
      lock.lock();
      try {
        return body.get();
      } finally {
        if (isOutermost() && !afterwards.isEmpty()) {
          leftToDo = afterwards;
          afterwards = new ArrayList<>();
        }
        lock.unlock();
      }
    } finally {
      leftToDo.forEach(Runnable::run);
    }
  }

  /** Whether the lock, which is held, is free once this body ends. */
  boolean isOutermost() {
    return lock.getHoldCount() == 1;
  }

  /** {@link #locked} for a body without a result. */
  void run(Runnable body) {
    locked(
        () -> {
          body.run();
          return true;
        });
  }

  /** Leaves something to do for when the lock is free. */
  void afterwards(Runnable action) {
    if (!lock.isHeldByCurrentThread()) {
      throw new IllegalStateException("the server's lock is not held");
    }
    afterwards.add(action);
  }
}
