package io.millstream.test.redis;

import io.millstream.engine.RedisException;
import io.millstream.test.redis.Command.Action;
import io.millstream.test.redis.Command.Flags;
import io.millstream.test.redis.Command.Keys;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All commands by name. Unknown ones are logged, each once. Confined to the event loop. */
final class CommandTable {
  private static final Logger log = LoggerFactory.getLogger(InMemoryRedis.class);
  private static final int MOST_LOGGED = 100;

  private final Map<String, Command> commands = new LinkedHashMap<>();
  private final Set<String> containers = new HashSet<>();
  private final Set<String> logged = new HashSet<>();

  /** Adds a command without keys. */
  CommandTable add(String name, int arity, Flags flags, Action action) {
    return add(name, arity, flags, Keys.NONE, action);
  }

  /** Adds a command; {@code container|subcommand} makes the container known too. */
  CommandTable add(String name, int arity, Flags flags, Keys keys, Action action) {
    commands.put(name, new Command(name, arity, flags, keys, action));
    int bar = name.indexOf('|');
    if (bar > 0) {
      containers.add(name.substring(0, bar));
    }
    return this;
  }

  /**
   * The command that is asked for.
   *
   * @throws RedisException if there is none, or if it does not take so many words
   */
  Command find(Request request) {
    String name = request.name();
    boolean contained = containers.contains(name) && request.size() > 1;
    Command command = commands.get(contained ? name + '|' + request.lower(1) : name);
    if (command == null && contained) {
      warn(name + ' ' + request.lower(1));
      throw Failures.unknownSubcommand(request);
    }
    if (command == null && containers.contains(name)) {
      throw Failures.arguments(name);
    }
    if (command == null) {
      warn(name);
      throw Failures.unknownCommand(request);
    }
    if (!command.takes(request.size())) {
      throw Failures.arguments(command.name());
    }
    return command;
  }

  private void warn(String name) {
    boolean isName = name.chars().allMatch(c -> c >= ' ' && c < 127);
    if (isName && logged.size() < MOST_LOGGED && logged.add(name)) {
      log.warn("Unknown command {}: this Redis in memory has what streams need", name);
    }
  }

  /** The command of that name, or null. */
  @Nullable Command get(String name) {
    return commands.get(name);
  }

  Collection<Command> all() {
    return commands.values();
  }
}
