package io.millstream.worker;

import io.millstream.engine.RedisException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is wrong with Redis just now, by duty. Says it once when it begins, when it changes and when
 * it is over, however often it is tried meanwhile. Confined to the loop, but for {@link #line()}.
 */
final class Trouble {
  /** Who meets trouble. */
  enum Duty {
    CONNECTION,
    BOOTSTRAP,
    READ,
    RECOVER,
    REDELIVER,
    ACK,
    DEAD_LETTER,
    RENEW,
    REAP,
    RELEASE
  }

  private static final Logger log = LoggerFactory.getLogger(Worker.class);

  private final String who;
  private final Map<Duty, RedisException> current = new EnumMap<>(Duty.class);
  private volatile Optional<String> line = Optional.empty();
  private Runnable groupLost = () -> {};

  Trouble(String who) {
    this.who = who;
  }

  /** What to do when Redis says that the group is not there, whichever duty hears it first. */
  void onGroupLost(Runnable action) {
    groupLost = action;
  }

  /** A duty failed, and will try again. */
  void met(Duty duty, RedisException error) {
    RedisException before = current.put(duty, error);
    if (before == null || !before.code().equals(error.code())) {
      log.warn("{}: {} failed, backing off: {}", who, name(duty), error.getMessage());
    }
    publish();
    if (error.is("NOGROUP")) {
      groupLost.run();
    }
  }

  /** A duty succeeded. */
  void over(Duty duty) {
    if (current.isEmpty() || current.remove(duty) == null) {
      return;
    }
    log.info("{}: {} works again", who, name(duty));
    publish();
  }

  /** Whether a duty is in trouble. */
  boolean with(Duty duty) {
    return current.containsKey(duty);
  }

  /** What is wrong, in one line. From any thread. */
  Optional<String> line() {
    return line;
  }

  private void publish() {
    line =
        current.entrySet().stream()
            .findFirst()
            .map(entry -> name(entry.getKey()) + ": " + entry.getValue().getMessage());
  }

  private static String name(Duty duty) {
    return duty.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
  }
}
