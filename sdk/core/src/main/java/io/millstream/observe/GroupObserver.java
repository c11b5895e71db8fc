package io.millstream.observe;

import java.time.Duration;

/**
 * Hears how the groups stand that have a worker in this process. They are looked at by one timer,
 * once for each group however many workers it has. Called from threads of the engine: it must be
 * cheap, must not block and must not throw.
 *
 * @since 0.1
 */
public interface GroupObserver {
  /** How much time lies between two looks. Asked before each. */
  Duration every();

  /** A group was looked at. */
  void seen(String stream, String group, GroupState state);

  /** It could not be looked at: nothing is known of it. */
  void unknown(String stream, String group);

  /** It has no worker in this process any more, and is not looked at any more. */
  void left(String stream, String group);
}
