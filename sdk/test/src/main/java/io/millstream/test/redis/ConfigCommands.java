package io.millstream.test.redis;

import io.millstream.test.redis.Command.Flags;
import java.util.List;

/** CONFIG. */
final class ConfigCommands {
  private final Config config;
  private final Statistics statistics;

  ConfigCommands(Config config, Statistics statistics) {
    this.config = config;
    this.statistics = statistics;
  }

  void addTo(CommandTable table) {
    table
        .add("config|get", -3, Flags.CONNECTION, this::get)
        .add("config|set", -4, Flags.CONNECTION, this::set)
        .add("config|resetstat", 2, Flags.CONNECTION, this::resetStatistics);
  }

  private Reply get(Client client, Request request) {
    List<Glob> patterns = request.texts(2).stream().map(Glob::ignoringCase).toList();
    Reply.Fields found = new Reply.Fields();
    config
        .values()
        .forEach(
            (name, value) -> {
              if (patterns.stream().anyMatch(pattern -> pattern.matches(name))) {
                found.put(name, value);
              }
            });
    return found.build();
  }

  private Reply set(Client client, Request request) {
    if (request.size() % 2 != 0) {
      throw Failures.arguments("config|set");
    }
    for (int i = 2; i < request.size(); i += 2) {
      config.set(request.lower(i), request.text(i + 1));
    }
    return Reply.OK;
  }

  private Reply resetStatistics(Client client, Request request) {
    statistics.reset();
    return Reply.OK;
  }
}
