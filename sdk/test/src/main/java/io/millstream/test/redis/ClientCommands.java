package io.millstream.test.redis;

import io.millstream.engine.RedisException;
import io.millstream.engine.memory.InMemoryServer;
import io.millstream.test.redis.Command.Flags;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** CLIENT. */
final class ClientCommands {
  private static final List<String> HELP =
      List.of(
          "CLIENT <subcommand> [<arg> [value] [opt] ...]. Subcommands are:",
          "GETNAME",
          "    Return the name of the current connection.",
          "ID",
          "    Return the ID of the current connection.",
          "INFO",
          "    Return information about the current client connection.",
          "KILL <ip:port>|<option> ...",
          "    Kill connections.",
          "LIST [options ...]",
          "    Return information about client connections.",
          "NO-EVICT (ON|OFF)",
          "    Protect current client connection from eviction.",
          "NO-TOUCH (ON|OFF)",
          "    Will not touch LRU/LFU stats when this mode is on.",
          "SETINFO <option> <value>",
          "    Set client meta attr.",
          "SETNAME <name>",
          "    Assign the name <name> to the current connection.",
          "UNBLOCK <clientid> [TIMEOUT|ERROR]",
          "    Unblock the specified blocked client.",
          "HELP",
          "    Print this help.");

  private final Clients clients;
  private final Channels channels;
  private final InMemoryServer server;

  ClientCommands(Clients clients, Channels channels, InMemoryServer server) {
    this.clients = clients;
    this.channels = channels;
    this.server = server;
  }

  void addTo(CommandTable table) {
    table
        .add("client|id", 2, Flags.CONNECTION, (client, request) -> Reply.whole(client.id))
        .add("client|info", 2, Flags.CONNECTION, this::info)
        .add("client|list", -2, Flags.CONNECTION, this::list)
        .add("client|getname", 2, Flags.CONNECTION, ClientCommands::getName)
        .add("client|setname", 3, Flags.CONNECTION, ClientCommands::setName)
        .add("client|setinfo", 4, Flags.CONNECTION, ClientCommands::setInfo)
        .add("client|no-evict", 3, Flags.CONNECTION, ClientCommands::noEvict)
        .add("client|no-touch", 3, Flags.CONNECTION, ClientCommands::noTouch)
        .add("client|unblock", -3, Flags.CONNECTION, this::unblock)
        .add("client|kill", -3, Flags.CONNECTION, new ClientKill(clients, channels, server)::kill)
        .add("client|help", 2, Flags.CONNECTION, (client, request) -> Help.of(HELP));
  }

  private Reply info(Client client, Request request) {
    return new Reply.Verbatim(line(client) + '\n');
  }

  private Reply list(Client client, Request request) {
    List<Client> shown = List.copyOf(clients.all());
    if (request.size() > 3 && request.is(2, "ID")) {
      List<String> ids = request.texts(3);
      shown = shown.stream().filter(one -> ids.contains(Long.toString(one.id))).toList();
    } else if (request.size() == 4 && request.is(2, "TYPE")) {
      boolean pubSub = ClientKill.isPubSub(request.lower(3));
      shown = shown.stream().filter(one -> channels.listens(one) == pubSub).toList();
    } else if (request.size() != 2) {
      throw Failures.syntax();
    }
    return new Reply.Verbatim(
        shown.stream().map(one -> line(one) + '\n').collect(Collectors.joining()));
  }

  private String line(Client client) {
    return String.format(
        Locale.ROOT,
        "id=%d addr=%s laddr=%s fd=%d name=%s age=%d idle=%d flags=%s db=%d sub=%d psub=%d ssub=0"
            + " multi=%d watch=0 qbuf=0 qbuf-free=0 argv-mem=0 multi-mem=0 rbs=1024 rbp=0 obl=0"
            + " oll=0 omem=0 tot-mem=0 events=r cmd=%s user=default redir=-1 resp=%d lib-name=%s"
            + " lib-ver=%s",
        client.id,
        client.address(),
        client.localAddress(),
        client.id,
        client.name,
        Duration.between(client.since, server.time()).toSeconds(),
        Duration.between(client.lastAt, server.time()).toSeconds(),
        flags(client),
        client.databaseIndex(),
        channels.of(client).size(),
        channels.patternsOf(client).size(),
        client.transaction == null ? -1 : client.transaction.queue().size(),
        client.lastCommand,
        client.protocol,
        client.library,
        client.libraryVersion);
  }

  private String flags(Client client) {
    String flags =
        (client.noEvict ? "e" : "")
            + (client.noTouch ? "T" : "")
            + (client.transaction == null ? "" : "x")
            + (client.waitsFor == null ? "" : "b")
            + (channels.listens(client) ? "P" : "");
    return flags.isEmpty() ? "N" : flags;
  }

  private static Reply getName(Client client, Request request) {
    return client.name.isEmpty() ? Reply.NIL : Reply.bulk(client.name);
  }

  private static Reply setName(Client client, Request request) {
    client.name = name(request.text(2));
    return Reply.OK;
  }

  /** A name that CLIENT LIST can show. */
  static String name(String name) {
    if (!isPlain(name)) {
      throw Failures.err("Client names cannot contain spaces, newlines or special characters.");
    }
    return name;
  }

  private static boolean isPlain(String text) {
    return text.chars().allMatch(c -> c >= '!' && c <= '~');
  }

  private static Reply setInfo(Client client, Request request) {
    String option = request.lower(2);
    String value = request.text(3);
    if (!option.equals("lib-name") && !option.equals("lib-ver")) {
      throw Failures.err("Unrecognized option '" + request.text(2) + "'");
    }
    if (!isPlain(value)) {
      throw Failures.err(option + " cannot contain spaces, newlines or special characters.");
    }
    if (option.equals("lib-name")) {
      client.library = value;
    } else {
      client.libraryVersion = value;
    }
    return Reply.OK;
  }

  private static Reply noEvict(Client client, Request request) {
    client.noEvict = onOrOff(request);
    return Reply.OK;
  }

  private static Reply noTouch(Client client, Request request) {
    client.noTouch = onOrOff(request);
    return Reply.OK;
  }

  private static boolean onOrOff(Request request) {
    if (!request.is(2, "ON") && !request.is(2, "OFF")) {
      throw Failures.syntax();
    }
    return request.is(2, "ON");
  }

  private Reply unblock(Client client, Request request) {
    boolean withError = false;
    if (request.size() == 4) {
      withError = request.is(3, "ERROR");
      if (!withError && !request.is(3, "TIMEOUT")) {
        throw Failures.err("CLIENT UNBLOCK reason should be TIMEOUT or ERROR");
      }
    } else if (request.size() > 4) {
      throw Failures.subcommandSyntax(request);
    }
    Client waiting = clients.get(request.number(2));
    if (waiting == null || waiting.waitsFor == null) {
      return Reply.flag(false);
    }
    return Reply.flag(
        waiting
            .waitsFor
            .call()
            .unblock(
                withError
                    ? RedisException.of("UNBLOCKED client unblocked via CLIENT UNBLOCK")
                    : null));
  }
}
