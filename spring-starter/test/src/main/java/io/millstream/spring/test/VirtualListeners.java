package io.millstream.spring.test;

import io.millstream.spring.ListenerRegistry;
import io.millstream.test.TestMillstream;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.springframework.context.SmartLifecycle;

/**
 * Lets the virtual time pass that the stopping of listeners takes: Spring waits in real time. It
 * stops just before the listeners would be stopped without it.
 */
final class VirtualListeners implements SmartLifecycle {
  private static final Duration LONGEST_STOP = Duration.ofMinutes(10);

  private final TestMillstream millstream;
  private final SmartLifecycle listeners;
  private volatile boolean running;

  VirtualListeners(TestMillstream millstream, ListenerRegistry listeners) {
    this.millstream = millstream;
    this.listeners = (SmartLifecycle) listeners;
  }

  /** As the application was at its start, but for the time. */
  void reset() {
    stopListeners();
    millstream.server().flushAll();
    listeners.start();
  }

  private void stopListeners() {
    AtomicBoolean stopped = new AtomicBoolean();
    listeners.stop(() -> stopped.set(true));
    for (Duration passed = Duration.ZERO; !stopped.get(); passed = passed.plusSeconds(1)) {
      if (passed.compareTo(LONGEST_STOP) > 0) {
        throw new AssertionError("listeners did not stop within " + LONGEST_STOP);
      }
      millstream.advance(Duration.ofSeconds(1));
    }
  }

  @Override
  public void start() {
    running = true;
  }

  @Override
  public void stop() {
    running = false;
    stopListeners();
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  @Override
  public int getPhase() {
    return listeners.getPhase() + 1;
  }
}
