package io.millstream.test.redis;

import io.millstream.engine.RedisException;

/** From a request to its reply: finds the command, queues it after MULTI, or runs it. */
final class Dispatcher {
  private static final Reply QUEUED = new Reply.Simple("QUEUED");

  private final CommandTable table;
  private final Statistics statistics;
  private final Channels channels;

  Dispatcher(CommandTable table, Statistics statistics, Channels channels) {
    this.table = table;
    this.statistics = statistics;
    this.channels = channels;
  }

  /**
   * Runs a request.
   *
   * @throws RedisException with CONNECTION if the server is cut off: then there is no reply
   */
  Reply run(Client client, Request request) {
    Command command;
    try {
      command = table.find(request);
      checkListening(client, command);
    } catch (RedisException e) {
      return refuse(client, request, e);
    }
    client.lastCommand = command.name();
    Transaction transaction = client.transaction;
    if (transaction != null && command.flags() != Command.Flags.TRANSACTION) {
      transaction.add(command, request);
      return QUEUED;
    }
    return run(client, command, request);
  }

  /** Runs a command; what has to wait is not counted yet. */
  Reply run(Client client, Command command, Request request) {
    Reply reply;
    try {
      reply = command.action().run(client, request);
    } catch (RedisException e) {
      reply = failure(e);
    }
    if (!(reply instanceof Reply.Later)) {
      statistics.ran(command.name(), reply);
    }
    return reply;
  }

  private Reply refuse(Client client, Request request, RedisException error) {
    if (client.transaction != null) {
      client.transaction.spoil();
    }
    Reply.Failure failure = failure(error);
    Command known = table.get(request.name());
    if (known == null) {
      statistics.failed(failure);
    } else {
      statistics.rejected(known.name(), failure);
    }
    return failure;
  }

  private void checkListening(Client client, Command command) {
    if (client.protocol == 2
        && channels.listens(client)
        && command.flags() != Command.Flags.PUBSUB) {
      throw Failures.err(
          "Can't execute '"
              + command.name()
              + "': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in"
              + " this context");
    }
  }

  /** An error as it is answered; the end of a connection is no answer. */
  static Reply.Failure failure(RedisException error) {
    if (error.outcomeUnknown()) {
      throw error;
    }
    return new Reply.Failure(String.valueOf(error.getMessage()));
  }
}
