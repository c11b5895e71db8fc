package io.millstream.examples.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/** A connection that keeps the types of what it reads. A character is a byte. */
final class Wire implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 20_000;

  private final Socket socket;
  private final InputStream in;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final long id;

  /** Connects, and says which protocol it speaks. */
  Wire(int port, int protocol) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(PATIENCE_MILLIS);
    in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
    call(List.of("HELLO", Integer.toString(protocol)));
    id = ((Value.Whole) call(List.of("CLIENT", "ID"))).number();
  }

  /** The id that the server knows it by. */
  long id() {
    return id;
  }

  Value call(List<String> words) throws IOException {
    write(words);
    flush();
    return read();
  }

  void write(List<String> words) {
    line("*" + words.size());
    for (String word : words) {
      line("$" + word.length());
      line(word);
    }
  }

  private void line(String text) {
    out.writeBytes(text.getBytes(ISO_8859_1));
    out.write('\r');
    out.write('\n');
  }

  void flush() throws IOException {
    out.writeTo(socket.getOutputStream());
    out.reset();
  }

  /** Whether something has come that is still to be read. */
  boolean hasReply() throws IOException {
    return in.available() > 0;
  }

  Value read() throws IOException {
    String line = readLine();
    String rest = line.substring(1);
    return switch (line.charAt(0)) {
      case '$', '=' -> rest.equals("-1") ? new Value.Line("$-1") : bulk(Integer.parseInt(rest));
      case ':' -> new Value.Whole(Long.parseLong(rest));
      case '*', '~', '>' ->
          rest.equals("-1") ? new Value.Line("*-1") : many(line.charAt(0), Integer.parseInt(rest));
      case '%' -> many('%', 2 * Integer.parseInt(rest));
      default -> new Value.Line(line);
    };
  }

  private Value bulk(int length) throws IOException {
    byte[] bytes = in.readNBytes(length + 2);
    if (bytes.length < length + 2) {
      throw new EOFException("the connection was closed");
    }
    return new Value.Bulk(new String(bytes, 0, length, ISO_8859_1));
  }

  private Value many(char type, int size) throws IOException {
    List<Value> elements = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      elements.add(read());
    }
    return new Value.Many(type, elements);
  }

  private String readLine() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int b = in.read(); b != '\r'; b = in.read()) {
      if (b < 0) {
        throw new EOFException("the connection was closed");
      }
      line.append((char) b);
    }
    in.read(); // the line feed
    return line.toString();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
