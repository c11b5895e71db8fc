package io.millstream.test.redis;

import io.millstream.engine.RedisException;
import io.millstream.test.redis.Command.Flags;

/** HELLO, AUTH, PING, ECHO, SELECT, QUIT and RESET. */
final class ConnectionCommands {
  private static final String DEFAULT_USER = "default";

  private final Channels channels;

  ConnectionCommands(Channels channels) {
    this.channels = channels;
  }

  void addTo(CommandTable table) {
    table
        .add("hello", -1, Flags.CONNECTION, ConnectionCommands::hello)
        .add("auth", -2, Flags.CONNECTION, ConnectionCommands::auth)
        .add("ping", -1, Flags.PUBSUB, this::ping)
        .add("echo", 2, Flags.CONNECTION, (client, request) -> Reply.bulk(request.bytes(1)))
        .add("select", 2, Flags.CONNECTION, ConnectionCommands::select)
        .add("quit", -1, Flags.PUBSUB, ConnectionCommands::quit)
        .add("reset", 1, Flags.PUBSUB, this::reset);
  }

  private static Reply hello(Client client, Request request) {
    int protocol = client.protocol;
    if (request.size() > 1) {
      long wanted = request.number(1, "Protocol version is not an integer or out of range");
      if (wanted != 2 && wanted != 3) {
        throw RedisException.of("NOPROTO unsupported protocol version");
      }
      protocol = (int) wanted;
    }
    String name = client.name;
    for (int i = 2; i < request.size(); i++) {
      int more = request.size() - i - 1;
      if (request.is(i, "AUTH") && more >= 2) {
        login(request.text(i + 1));
        i += 2;
      } else if (request.is(i, "SETNAME") && more >= 1) {
        name = ClientCommands.name(request.text(i + 1));
        i++;
      } else {
        throw Failures.err("Syntax error in HELLO option '" + request.text(i) + "'");
      }
    }
    client.protocol = protocol;
    client.name = name;
    return new Reply.Fields()
        .put("server", "redis")
        .put("version", InfoCommand.VERSION)
        .put("proto", protocol)
        .put("id", client.id)
        .put("mode", "standalone")
        .put("role", "master")
        .put("modules", Reply.EMPTY)
        .build();
  }

  /** There is one user, and he has no password: any is right. */
  private static Reply auth(Client client, Request request) {
    if (request.size() > 3) {
      throw Failures.syntax();
    }
    if (request.size() == 2) {
      throw Failures.err(
          "AUTH <password> called without any password configured for the default user. Are you"
              + " sure your configuration is correct?");
    }
    login(request.text(1));
    return Reply.OK;
  }

  private static void login(String user) {
    if (!user.equals(DEFAULT_USER)) {
      throw RedisException.of("WRONGPASS invalid username-password pair or user is disabled.");
    }
  }

  private Reply ping(Client client, Request request) {
    if (request.size() > 2) {
      throw Failures.arguments("ping");
    }
    if (channels.listens(client) && client.protocol == 2) {
      return Reply.array(
          Reply.bulk("pong"), Reply.bulk(request.size() == 2 ? request.text(1) : ""));
    }
    return request.size() == 2 ? Reply.bulk(request.bytes(1)) : new Reply.Simple("PONG");
  }

  private static Reply select(Client client, Request request) {
    long index = request.number(1);
    if (index < Integer.MIN_VALUE || index > Integer.MAX_VALUE) {
      throw Failures.err("value is out of range, value must between -2147483648 and 2147483647");
    }
    client.select((int) index);
    return Reply.OK;
  }

  private static Reply quit(Client client, Request request) {
    client.closing = true;
    return Reply.OK;
  }

  private Reply reset(Client client, Request request) {
    channels.forget(client);
    client.reset();
    return new Reply.Simple("RESET");
  }
}
