package io.millstream.test.redis;

import io.millstream.engine.memory.InMemoryServer;
import io.millstream.test.redis.Command.Flags;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/** INFO: what clients and Redis's suites look for in it. */
final class InfoCommand {
  /** The Redis that the server in memory is a model of. */
  static final String VERSION = "8.0.0";

  private static final Set<String> ONLY_ON_DEMAND = Set.of("commandstats");
  private static final Set<String> EVERYTHING = Set.of("all", "everything");

  private final InMemoryServer server;
  private final Databases databases;
  private final Clients clients;
  private final Channels channels;
  private final Statistics statistics;
  private final Instant since;
  private final Map<String, Supplier<String>> sections = new LinkedHashMap<>();

  InfoCommand(
      InMemoryServer server,
      Databases databases,
      Clients clients,
      Channels channels,
      Statistics statistics) {
    this.server = server;
    this.databases = databases;
    this.clients = clients;
    this.channels = channels;
    this.statistics = statistics;
    this.since = server.time();
    sections.put("server", this::server);
    sections.put("clients", this::clients);
    sections.put("memory", this::memory);
    sections.put("persistence", () -> "loading:0\r\n");
    sections.put("stats", this::stats);
    sections.put("replication", () -> "role:master\r\nconnected_slaves:0\r\n");
    sections.put("commandstats", this::commands);
    sections.put("errorstats", this::errors);
    sections.put("cluster", () -> "cluster_enabled:0\r\n");
    sections.put("keyspace", this::keyspace);
  }

  void addTo(CommandTable table) {
    table.add("info", -1, Flags.CONNECTION, this::info);
  }

  private Reply info(Client client, Request request) {
    Set<String> wanted = new TreeSet<>();
    for (int i = 1; i < request.size(); i++) {
      wanted.add(request.lower(i));
    }
    if (wanted.isEmpty() || wanted.contains("default")) {
      wanted.addAll(sections.keySet());
      wanted.removeAll(ONLY_ON_DEMAND);
    } else if (wanted.stream().anyMatch(EVERYTHING::contains)) {
      wanted.addAll(sections.keySet());
    }
    StringBuilder text = new StringBuilder();
    sections.forEach(
        (name, section) -> {
          if (wanted.contains(name)) {
            text.append(text.isEmpty() ? "" : "\r\n")
                .append("# ")
                .append(Character.toUpperCase(name.charAt(0)))
                .append(name.substring(1))
                .append("\r\n")
                .append(section.get());
          }
        });
    return new Reply.Verbatim(text.toString());
  }

  private String server() {
    long seconds = Duration.between(since, server.time()).toSeconds();
    return lines(
        "redis_version:" + VERSION,
        "redis_mode:standalone",
        "server_name:millstream",
        "os:" + System.getProperty("os.name"),
        "process_id:" + ProcessHandle.current().pid(),
        "uptime_in_seconds:" + seconds,
        "uptime_in_days:" + seconds / Duration.ofDays(1).toSeconds());
  }

  private String clients() {
    return lines(
        "connected_clients:" + clients.count(),
        "blocked_clients:" + server.blockedReads(),
        "pubsub_clients:" + clients.all().stream().filter(channels::listens).count(),
        "total_blocking_keys:" + waitedFor(false),
        "total_blocking_keys_on_nokey:" + waitedFor(true));
  }

  private int waitedFor(boolean anything) {
    return databases.all().values().stream()
        .mapToInt(database -> database.keys().waitedFor(anything))
        .sum();
  }

  /** The whole process's: the server has no memory of its own. */
  private String memory() {
    Runtime runtime = Runtime.getRuntime();
    return lines(
        "used_memory:" + (runtime.totalMemory() - runtime.freeMemory()),
        "maxmemory:0",
        "maxmemory_policy:noeviction");
  }

  private String stats() {
    return lines(
        "total_connections_received:" + clients.everConnected(),
        "total_commands_processed:" + statistics.processed(),
        "total_error_replies:" + statistics.errorReplies());
  }

  private String commands() {
    StringBuilder text = new StringBuilder();
    statistics
        .commands()
        .forEach(
            (name, calls) ->
                text.append("cmdstat_")
                    .append(name)
                    .append(":calls=")
                    .append(calls.calls)
                    .append(",usec=0,usec_per_call=0.00,rejected_calls=")
                    .append(calls.rejected)
                    .append(",failed_calls=")
                    .append(calls.failed)
                    .append("\r\n"));
    return text.toString();
  }

  private String errors() {
    StringBuilder text = new StringBuilder();
    statistics
        .errors()
        .forEach(
            (code, count) ->
                text.append("errorstat_")
                    .append(code)
                    .append(":count=")
                    .append(count)
                    .append("\r\n"));
    return text.toString();
  }

  private String keyspace() {
    StringBuilder text = new StringBuilder();
    databases
        .all()
        .forEach(
            (index, database) -> {
              int size = database.keys().size();
              if (size > 0) {
                text.append("db")
                    .append(index)
                    .append(":keys=")
                    .append(size)
                    .append(",expires=0,avg_ttl=0\r\n");
              }
            });
    return text.toString();
  }

  private static String lines(String... lines) {
    return String.join("\r\n", List.of(lines)) + "\r\n";
  }
}
