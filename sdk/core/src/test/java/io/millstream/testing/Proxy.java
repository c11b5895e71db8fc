package io.millstream.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands between a client and a server, to lose what a test wants lost. What is held back by {@link
 * #hold()} still has its connection to the server, even when the client is long gone. Everything
 * but {@link #refuse()} is about the connections that are there when it is called; later ones are
 * sound.
 */
public final class Proxy implements AutoCloseable {
  private static final int UNLIMITED = -1;

  private final ServerSocket listener;
  private final int target;
  private final List<Pipe> pipes = new CopyOnWriteArrayList<>();
  private final AtomicInteger refused = new AtomicInteger();
  private volatile boolean refusing;

  /** Listens on a free port, for a server on a port of the loopback interface. */
  public Proxy(int target) {
    this.target = target;
    try {
      this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    start("accept", this::accept);
  }

  /** Where it listens: {@code redis://127.0.0.1:port}. */
  public String uri() {
    return "redis://127.0.0.1:" + listener.getLocalPort();
  }

  /** Keeps back what is sent to the server. */
  public void hold() {
    pipes.forEach(pipe -> pipe.up.hold(true));
  }

  /** Keeps back what is sent to the server where a command was the last to be sent. */
  public void hold(String command) {
    pipes.stream().filter(pipe -> pipe.lastSent(command)).forEach(pipe -> pipe.up.hold(true));
  }

  /** Keeps back what the server answers where a command was the last to be sent. */
  public void holdReplies(String command) {
    pipes.stream().filter(pipe -> pipe.lastSent(command)).forEach(pipe -> pipe.down.hold(true));
  }

  /** Whether something is kept back. */
  public boolean holdsSomething() {
    return pipes.stream().anyMatch(pipe -> pipe.up.waiting || pipe.down.waiting);
  }

  /** Breaks the clients' side. */
  public void cut() {
    pipes.forEach(pipe -> closeQuietly(pipe.client));
  }

  /** Breaks the clients' side in the midst of what the server answers next, after so many bytes. */
  public void cutAfter(int bytes) {
    pipes.forEach(pipe -> pipe.down.limit(bytes));
  }

  /** Whether a connection was broken by {@link #cutAfter}. */
  public boolean hasCut() {
    return pipes.stream().anyMatch(pipe -> pipe.down.exhausted);
  }

  /** Half-open: neither side hears of the other any more, and neither is told. */
  public void blackHole() {
    pipes.forEach(
        pipe -> {
          pipe.up.swallow();
          pipe.down.swallow();
        });
  }

  /** Ends every new connection at once. */
  public void refuse() {
    refusing = true;
  }

  /** How many connections it has refused. */
  public int refused() {
    return refused.get();
  }

  /** Takes new connections again. */
  public void welcome() {
    refusing = false;
  }

  /** Lets go of what was kept back. */
  public void release() {
    pipes.forEach(
        pipe -> {
          pipe.up.hold(false);
          pipe.down.hold(false);
        });
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
        if (refusing) {
          closeQuietly(client);
          refused.incrementAndGet();
          continue;
        }
        connect(client);
      } catch (IOException e) {
        // closed
      }
    }
  }

  private void connect(Socket client) {
    try {
      Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
      server.setTcpNoDelay(true);
      client.setTcpNoDelay(true);
      Pipe pipe = new Pipe(client, server);
      pipes.add(pipe);
      start("up", pipe::up);
      start("down", pipe::down);
    } catch (IOException e) {
      closeQuietly(client); // the server is away: the client sees it
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
    private final Flow up = new Flow();
    private final Flow down = new Flow();

    Pipe(Socket client, Socket server) {
      this.client = client;
      this.server = server;
    }

    boolean lastSent(String command) {
      return up.last.contains(command);
    }

    void up() {
      up.copy(client, server);
      up.awaitRelease();
      closeQuietly(server);
    }

    void down() {
      down.copy(server, client);
      closeQuietly(client);
    }
  }

  /** One direction. */
  private static final class Flow {
    private boolean held; // guarded by this
    private int limit = UNLIMITED; // guarded by this
    private boolean swallowing; // guarded by this
    private volatile boolean waiting;
    private volatile boolean exhausted;
    private volatile String last = "";

    synchronized void hold(boolean on) {
      held = on;
      notifyAll();
    }

    synchronized void limit(int bytes) {
      limit = bytes;
    }

    synchronized void swallow() {
      swallowing = true;
    }

    synchronized void awaitRelease() {
      while (held) {
        waiting = true;
        try {
          wait();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return;
        }
      }
      waiting = false;
    }

    /** How many of these bytes pass. */
    private synchronized int pass(int bytes) {
      if (swallowing) {
        return 0;
      }
      if (limit == UNLIMITED) {
        return bytes;
      }
      int passed = Math.min(limit, bytes);
      limit -= passed;
      exhausted = limit == 0;
      return passed;
    }

    void copy(Socket from, Socket to) {
      try {
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        byte[] buffer = new byte[8192];
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
          last = new String(buffer, 0, read, ISO_8859_1);
          awaitRelease();
          out.write(buffer, 0, pass(read));
          if (exhausted) {
            return;
          }
        }
      } catch (IOException e) {
        // one side is gone, and so will be the other
      }
    }
  }
}
