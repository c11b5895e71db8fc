package io.millstream.engine.lettuce;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Stands between a client and a server, to lose what a test wants lost. What is held back by {@link
 * #hold()} still has its connection to the server, even when the client is long gone.
 */
final class Proxy implements AutoCloseable {
  private final ServerSocket listener;
  private final int target;
  private final List<Pipe> pipes = new CopyOnWriteArrayList<>();

  Proxy(int target) {
    this.target = target;
    try {
      this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    start("accept", this::accept);
  }

  String uri() {
    return "redis://127.0.0.1:" + listener.getLocalPort();
  }

  /** From now on keeps back what is sent to the server on the connections that are there now. */
  void hold() {
    pipes.forEach(pipe -> pipe.setHeld(true));
  }

  /** Whether something is kept back. */
  boolean holdsSomething() {
    return pipes.stream().anyMatch(pipe -> pipe.waiting);
  }

  /** Breaks the clients' side of the connections that are there now. */
  void cut() {
    pipes.forEach(pipe -> closeQuietly(pipe.client));
  }

  /** Lets go of what was kept back. */
  void release() {
    pipes.forEach(pipe -> pipe.setHeld(false));
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    release();
    pipes.forEach(
        pipe -> {
          closeQuietly(pipe.client);
          closeQuietly(pipe.server);
        });
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
        Pipe pipe = new Pipe(client, server);
        pipes.add(pipe);
        start("up", pipe::up);
        start("down", pipe::down);
      } catch (IOException e) {
        // closed, or the server is away: the client sees it
      }
    }
  }

  private static void start(String name, Runnable task) {
    Thread thread = new Thread(task, "proxy-" + name);
    thread.setDaemon(true);
    thread.start();
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // it is gone either way
    }
  }

  private static final class Pipe {
    private final Socket client;
    private final Socket server;
    private boolean held; // guarded by this
    private volatile boolean waiting;

    Pipe(Socket client, Socket server) {
      this.client = client;
      this.server = server;
    }

    synchronized void setHeld(boolean held) {
      this.held = held;
      notifyAll();
    }

    private synchronized void awaitRelease() throws InterruptedException {
      while (held) {
        waiting = true;
        wait();
      }
      waiting = false;
    }

    void up() {
      try {
        copy(client, server, true);
        awaitRelease();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      closeQuietly(server);
    }

    void down() {
      try {
        copy(server, client, false);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      closeQuietly(client);
    }

    private void copy(Socket from, Socket to, boolean holdable) throws InterruptedException {
      try {
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        byte[] buffer = new byte[8192];
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
          if (holdable) {
            awaitRelease();
          }
          out.write(buffer, 0, read);
        }
      } catch (IOException e) {
        // one side is gone, and so will be the other
      }
    }
  }
}
