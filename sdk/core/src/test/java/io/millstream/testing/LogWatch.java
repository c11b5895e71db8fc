package io.millstream.testing;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** Reads what the library logs at INFO and above while it is open. One at a time. */
public final class LogWatch implements AutoCloseable {
  private final Logger logger = (Logger) LoggerFactory.getLogger("io.millstream");
  private final @Nullable Level before = logger.getLevel();
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final Appender appender = new Appender();

  private final class Appender extends AppenderBase<ILoggingEvent> {
    @Override
    protected void append(ILoggingEvent event) {
      if (!event.getLoggerName().startsWith("io.millstream.testing")) {
        lines.add(event.getLevel() + " " + event.getFormattedMessage());
      }
    }
  }

  /** Begins. What is read is not printed. */
  public LogWatch() {
    appender.setContext(logger.getLoggerContext());
    appender.start();
    logger.setLevel(Level.INFO);
    logger.setAdditive(false);
    logger.addAppender(appender);
  }

  /** The lines so far: {@code LEVEL message}. */
  public List<String> lines() {
    return List.copyOf(lines);
  }

  /** The lines so far that have this in them. */
  public List<String> lines(String part) {
    return lines.stream().filter(line -> line.contains(part)).toList();
  }

  /** How often each line was written. */
  public Map<String, Long> counts() {
    return lines.stream()
        .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
  }

  /** Forgets the lines so far. */
  public void clear() {
    lines.clear();
  }

  @Override
  public void close() {
    logger.detachAppender(appender);
    logger.setLevel(before);
    logger.setAdditive(true);
    appender.stop();
  }
}
