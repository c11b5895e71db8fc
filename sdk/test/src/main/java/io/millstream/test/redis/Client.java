package io.millstream.test.redis;

import io.millstream.engine.memory.InMemoryDatabase;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A client's connection, as far as it has a state. Confined to the event loop. */
final class Client {
  final long id;
  final Instant since;
  String name = "";
  String library = "";
  String libraryVersion = "";
  int protocol = 2;
  boolean noEvict;
  boolean noTouch;
  boolean executing; // within EXEC, where nothing waits
  boolean closing; // after the reply under way
  String lastCommand = "NULL";
  Instant lastAt;
  @Nullable Transaction transaction; // after MULTI
  Reply.@Nullable Later waitsFor;

  private final Databases databases;
  private final Channel channel;
  private int database;

  Client(long id, Databases databases, Channel channel, Instant since) {
    this.id = id;
    this.databases = databases;
    this.channel = channel;
    this.since = since;
    this.lastAt = since;
  }

  InMemoryDatabase database() {
    return databases.get(database);
  }

  int databaseIndex() {
    return database;
  }

  /** SELECT. */
  void select(int index) {
    databases.get(index);
    database = index;
  }

  String address() {
    return Addresses.text(channel.remoteAddress());
  }

  String localAddress() {
    return Addresses.text(channel.localAddress());
  }

  /** Writes a reply, or something nobody asked for, and leaves it to be flushed. */
  void write(Reply reply) {
    if (reply instanceof Reply.Several several) {
      several.replies().forEach(this::write);
    } else if (protocol == 3 || reply instanceof Reply.Failure) {
      // errors are alike in both; Netty's own encoder would lose what is no UTF-8
      ByteBuf buffer = channel.alloc().buffer();
      Resp3.encode(reply, buffer);
      done(channel.write(buffer));
    } else {
      done(channel.write(Resp2.encode(reply)));
    }
  }

  /** Writes what nobody asked for; any thread may call. */
  void push(Reply reply) {
    channel
        .eventLoop()
        .execute(
            () -> {
              write(reply);
              flush();
            });
  }

  void flush() {
    channel.flush();
  }

  /** Ends the connection once what was written is sent. */
  void close() {
    done(channel.writeAndFlush(channel.alloc().buffer(0)).addListener(ChannelFutureListener.CLOSE));
  }

  /** CLIENT KILL: ends the connection at once. */
  void kill() {
    done(channel.close());
  }

  /** A connection that breaks shows in the end of its channel; nobody waits for a write. */
  private static void done(ChannelFuture written) {
    written.channel();
  }

  /** RESET: as it was when it came. */
  void reset() {
    transaction = null;
    name = "";
    protocol = 2;
    database = 0;
    noEvict = false;
    noTouch = false;
  }
}
