package io.millstream.test.redis;

import io.millstream.engine.RedisException;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.redis.RedisCodecException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;

/** A connection: takes requests one after the other and writes their replies in this order. */
final class ClientHandler extends SimpleChannelInboundHandler<Request> {
  private static final Logger log = LoggerFactory.getLogger(InMemoryRedis.class);

  private final Front front;
  private final Deque<Request> requests = new ArrayDeque<>();
  private final Disposable.Swap waiting = Disposables.swap();
  private @Nullable Client client; // from the connection's start on
  private boolean draining;

  ClientHandler(Front front) {
    super(Request.class);
    this.front = front;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    client =
        new Client(
            front.clients().nextId(), front.databases(), context.channel(), front.server().time());
    front.clients().add(client);
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, Request request) {
    requests.add(request);
    drain(context);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    context.flush();
  }

  /** Runs requests until one has to wait. */
  private void drain(ChannelHandlerContext context) {
    if (draining) {
      return;
    }
    draining = true;
    Client self = client();
    try {
      while (!requests.isEmpty() && self.waitsFor == null && !self.closing) {
        Request request = requests.remove();
        self.lastAt = front.server().time();
        Reply reply = front.dispatcher().run(self, request);
        if (reply instanceof Reply.Later later) {
          await(context, later);
        } else {
          write(reply);
        }
      }
    } catch (RedisException e) {
      client().kill(); // the server is cut off
    } finally {
      draining = false;
    }
  }

  private void write(Reply reply) {
    Client self = client();
    self.write(reply);
    if (self.closing) {
      self.close();
    }
  }

  private void await(ChannelHandlerContext context, Reply.Later later) {
    Client self = client();
    String command = self.lastCommand;
    self.waitsFor = later;
    EventLoop loop = context.channel().eventLoop();
    waiting.update(
        later
            .reply()
            .onErrorResume(
                RedisException.class, e -> Mono.fromSupplier(() -> Dispatcher.failure(e)))
            .subscribe(
                reply -> onLoop(loop, () -> served(context, command, reply)),
                error -> onLoop(loop, self::kill)));
  }

  private static void onLoop(EventLoop loop, Runnable task) {
    if (loop.inEventLoop()) {
      task.run();
    } else {
      loop.execute(task);
    }
  }

  private void served(ChannelHandlerContext context, String command, Reply reply) {
    client().waitsFor = null;
    front.statistics().ran(command, reply);
    write(reply);
    if (!draining) {
      drain(context);
      context.flush();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    waiting.dispose();
    front.clients().remove(client());
    front.channels().forget(client());
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (cause instanceof IOException) {
      client().kill();
      return;
    }
    Throwable root = cause.getCause() == null ? cause : cause.getCause();
    if (root instanceof RedisCodecException) {
      client().write(Reply.failure("ERR Protocol error: " + root.getMessage()));
    } else {
      log.error("A command failed that should not", cause);
      client().write(Reply.failure("ERR internal error: " + cause));
    }
    client().close();
  }

  private Client client() {
    return Objects.requireNonNull(client, "not connected");
  }
}
