package io.millstream.test.redis;

import io.millstream.engine.RedisException;
import io.millstream.engine.memory.InMemoryServer;
import io.millstream.test.redis.Command.Flags;
import java.util.ArrayList;
import java.util.List;

/** MULTI, EXEC and DISCARD. */
final class TransactionCommands {
  private final InMemoryServer server;
  private final Dispatcher dispatcher;

  TransactionCommands(InMemoryServer server, Dispatcher dispatcher) {
    this.server = server;
    this.dispatcher = dispatcher;
  }

  void addTo(CommandTable table) {
    table
        .add("multi", 1, Flags.TRANSACTION, TransactionCommands::multi)
        .add("exec", 1, Flags.TRANSACTION, this::exec)
        .add("discard", 1, Flags.TRANSACTION, TransactionCommands::discard);
  }

  private static Reply multi(Client client, Request request) {
    if (client.transaction != null) {
      throw Failures.err("MULTI calls can not be nested");
    }
    client.transaction = new Transaction();
    return Reply.OK;
  }

  private static Reply discard(Client client, Request request) {
    if (client.transaction == null) {
      throw Failures.err("DISCARD without MULTI");
    }
    client.transaction = null;
    return Reply.OK;
  }

  private Reply exec(Client client, Request request) {
    Transaction transaction = client.transaction;
    if (transaction == null) {
      throw Failures.err("EXEC without MULTI");
    }
    client.transaction = null;
    if (transaction.isSpoilt()) {
      throw RedisException.of("EXECABORT Transaction discarded because of previous errors.");
    }
    client.executing = true;
    try {
      return server.atomically(() -> run(client, transaction));
    } finally {
      client.executing = false;
    }
  }

  private Reply run(Client client, Transaction transaction) {
    List<Reply> replies = new ArrayList<>();
    for (Transaction.Queued queued : transaction.queue()) {
      Reply reply = dispatcher.run(client, queued.command(), queued.request());
      replies.add(reply instanceof Reply.Later later ? now(later) : reply);
    }
    return new Reply.Array(replies);
  }

  /** Within EXEC everything is answered at once. */
  private static Reply now(Reply.Later later) {
    try {
      return Now.some(later.reply());
    } catch (RedisException e) {
      return Dispatcher.failure(e);
    }
  }
}
