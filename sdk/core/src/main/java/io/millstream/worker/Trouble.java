package io.millstream.worker;

import io.millstream.engine.RedisException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is wrong with Redis just now, by duty. It is said when trouble begins, for each kind of
 * error that joins, and when all of it is over, however often it is tried meanwhile. Confined to
 * the loop, but for {@link #line()}.
 */
final class Trouble {
  /** Who meets trouble. */
  enum Duty {
    CONNECTION,
    BOOTSTRAP,
    READ,
    RECOVER,
    ADOPT,
    REDELIVER,
    ACK,
    DEAD_LETTER,
    RENEW,
    REAP,
    RELEASE
  }

  /** Who wants to hear of it. */
  interface Listener {
    /** Trouble has begun, or another line describes it. */
    void troubled();

    /** Redis says that the group is not there, whichever duty heard it first. */
    void groupLost();

    /** Everything works again. */
    void healed(Duration after);
  }

  private static final Logger log = LoggerFactory.getLogger(Worker.class);

  private final String who;
  private final Loop loop;
  private final Map<Duty, RedisException> current = new EnumMap<>(Duty.class);
  private final Set<String> said = new HashSet<>(); // codes, since it began
  private long sinceNanos;
  private volatile Optional<String> line = Optional.empty();
  private Listener listener =
      new Listener() {
        @Override
        public void troubled() {}

        @Override
        public void groupLost() {}

        @Override
        public void healed(Duration after) {}
      };

  Trouble(String who, Loop loop) {
    this.who = who;
    this.loop = loop;
  }

  /** Before anything is met. */
  void listen(Listener hears) {
    listener = hears;
  }

  /** A duty failed, and will try again. */
  void met(Duty duty, RedisException error) {
    if (current.isEmpty()) {
      sinceNanos = loop.nanos();
      said.clear();
    }
    current.put(duty, error);
    if (said.add(error.code())) {
      log.warn("{}: {} failed, backing off: {}", who, name(duty), error.getMessage());
    }
    publish();
    listener.troubled();
    if (error.is("NOGROUP")) {
      listener.groupLost();
    }
  }

  /** A duty succeeded. */
  void over(Duty duty) {
    if (current.isEmpty() || current.remove(duty) == null) {
      return;
    }
    publish();
    if (current.isEmpty()) {
      Duration lasted = Duration.ofNanos(loop.nanos() - sinceNanos);
      log.info("{}: works again after {} ms", who, lasted.toMillis());
      listener.healed(lasted);
    }
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
    return duty.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
