package io.millstream.examples.chaos;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The wire between one process and the server: a proxy of the driver's own, whose connections can
 * be broken in several ways. What is done to them is done to those that are there just then; later
 * ones are sound.
 */
final class Wire implements AutoCloseable {
  private final ServerSocket listener;
  private final int target;
  private final Set<Connection> connections = ConcurrentHashMap.newKeySet();

  Wire(int target) throws IOException {
    this.target = target;
    this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    start("accept", this::accept);
  }

  int port() {
    return listener.getLocalPort();
  }

  /** Breaks both sides. */
  void cut() {
    connections.forEach(Connection::close);
  }

  /** Breaks each connection within its next reply: the client gets the first half of it. */
  void cutReply() {
    connections.forEach(connection -> connection.cutNextReply(true));
  }

  /** What has not been cut stays. */
  void sparesReplies() {
    connections.forEach(connection -> connection.cutNextReply(false));
  }

  /** Passes nothing on, in either direction. Neither side learns of it. */
  void hold() {
    connections.forEach(connection -> connection.hold(true));
  }

  /** Passes on what was held back, late, and all that follows. */
  void release() {
    connections.forEach(connection -> connection.hold(false));
  }

  /** Breaks the connections that were held, and what they held back is gone. */
  void drop() {
    connections.stream().filter(Connection::held).forEach(Connection::close);
  }

  @Override
  public void close() {
    closeQuietly(listener);
    cut();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        accepted(listener.accept());
      } catch (IOException e) {
        // the listener is closed
      }
    }
  }

  private void accepted(Socket client) {
    try {
      Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
      client.setTcpNoDelay(true);
      server.setTcpNoDelay(true);
      Connection connection = new Connection(client, server);
      connections.add(connection);
      start("up", () -> connection.pass(client, server, false));
      start("down", () -> connection.pass(server, client, true));
    } catch (IOException e) {
      closeQuietly(client); // the server is away
    }
  }

  private static void start(String name, Runnable task) {
    Thread thread = new Thread(task, "wire-" + name);
    thread.setDaemon(true);
    thread.start();
  }

  private static void closeQuietly(AutoCloseable closeable) {
    try {
      closeable.close();
    } catch (Exception e) {
      // it is gone either way
    }
  }

  private final class Connection {
    private final Socket client;
    private final Socket server;
    private boolean held; // guarded by this
    private boolean closed; // guarded by this
    private boolean cutNextReply; // guarded by this

    Connection(Socket client, Socket server) {
      this.client = client;
      this.server = server;
    }

    synchronized void cutNextReply(boolean on) {
      cutNextReply = on;
    }

    synchronized void hold(boolean on) {
      held = on;
      notifyAll();
    }

    synchronized boolean held() {
      return held;
    }

    /** Waits while it is held: whether what waited may pass. */
    private synchronized boolean mayPass() throws InterruptedException {
      while (held && !closed) {
        wait();
      }
      return !closed;
    }

    private synchronized boolean breaksHere(boolean reply) {
      return reply && cutNextReply;
    }

    /** Also the end of one side is passed on late while it is held: the other does not know. */
    void pass(Socket from, Socket to, boolean replies) {
      try {
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        byte[] buffer = new byte[16_384];
        int read = in.read(buffer);
        while (read >= 0 && mayPass()) {
          if (breaksHere(replies)) {
            out.write(buffer, 0, read / 2);
            break;
          }
          out.write(buffer, 0, read);
          read = in.read(buffer);
        }
      } catch (IOException | InterruptedException e) {
        // one side is gone
      }
      end();
    }

    private void end() {
      try {
        mayPass();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      close();
    }

    void close() {
      synchronized (this) {
        closed = true;
        notifyAll();
      }
      closeQuietly(client);
      closeQuietly(server);
      connections.remove(this);
    }
  }
}
