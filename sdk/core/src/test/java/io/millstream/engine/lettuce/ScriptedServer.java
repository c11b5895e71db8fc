package io.millstream.engine.lettuce;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Says what a test wants said, word for word: what no real server can be brought to say. */
final class ScriptedServer implements AutoCloseable {
  /** Answers a command, {@code "CLIENT INFO"} or {@code "XLEN"}, of the nth connection. */
  interface Script {
    Answer answer(int connection, String command);
  }

  /**
   * What is done about a command.
   *
   * @param bytes what is written, which need not be a whole reply, nor a reply at all
   * @param close whether the connection is closed then
   */
  record Answer(String bytes, boolean close) {
    static final Answer SILENCE = new Answer("", false);

    static Answer reply(String bytes) {
      return new Answer(bytes, false);
    }

    static Answer error(String text) {
      return reply("-" + text + "\r\n");
    }

    static Answer cutAfter(String bytes) {
      return new Answer(bytes, true);
    }
  }

  private final ServerSocket listener;
  private final Script script;
  private final AtomicInteger connections = new AtomicInteger();
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();

  ScriptedServer(Script script) {
    this(listen(), script);
  }

  /** On a socket that listens already. */
  ScriptedServer(ServerSocket listener, Script script) {
    this.listener = listener;
    this.script = script;
    start(this::accept);
  }

  private static ServerSocket listen() {
    try {
      return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String uri() {
    return "redis://127.0.0.1:" + listener.getLocalPort();
  }

  /** How many there have been. */
  int connections() {
    return connections.get();
  }

  /** What a server that is well says. */
  static Answer well(String command) {
    return switch (command) {
      case "HELLO" ->
          Answer.reply(
              lines("%7", "+server", "+redis", "+version", "+7.0.0", "+proto", ":3")
                  + lines(
                      "+id", ":1", "+mode", "+standalone", "+role", "+master", "+modules", "*0"));
      case "CLIENT INFO" -> {
        String info = "id=1 addr=127.0.0.1:1 laddr=127.0.0.1:2\n";
        yield Answer.reply(lines("$" + info.length(), info));
      }
      case "CLIENT KILL", "XLEN" -> Answer.reply(":0\r\n");
      case "SUBSCRIBE" -> Answer.reply(lines(">3", "+subscribe", "+c", ":1"));
      default -> Answer.reply("+OK\r\n");
    };
  }

  private static String lines(String... lines) {
    return String.join("\r\n", lines) + "\r\n";
  }

  @Override
  public void close() {
    try {
      listener.close();
      for (Socket socket : sockets) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void start(Runnable task) {
    Thread thread = new Thread(task, "scripted-server");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = listener.accept();
        sockets.add(socket);
        int number = connections.incrementAndGet();
        start(() -> serve(socket, number));
      }
    } catch (IOException e) {
      // closed
    }
  }

  private void serve(Socket socket, int number) {
    try (socket) {
      InputStream in = new BufferedInputStream(socket.getInputStream());
      for (List<String> words = read(in); !words.isEmpty(); words = read(in)) {
        String name = words.get(0).toUpperCase(Locale.ROOT);
        String command =
            name.equals("CLIENT") ? name + " " + words.get(1).toUpperCase(Locale.ROOT) : name;
        Answer answer = script.answer(number, command);
        socket.getOutputStream().write(answer.bytes().getBytes(UTF_8));
        if (answer.close()) {
          return;
        }
      }
    } catch (IOException e) {
      // the client is gone
    }
  }

  /** The words of a command; none at the end. */
  private static List<String> read(InputStream in) throws IOException {
    String header = line(in);
    if (!header.startsWith("*")) {
      return List.of();
    }
    List<String> words = new ArrayList<>();
    for (int left = Integer.parseInt(header.substring(1)); left > 0; left--) {
      int length = Integer.parseInt(line(in).substring(1));
      words.add(new String(in.readNBytes(length), UTF_8));
      in.readNBytes(2);
    }
    return words;
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }
}
