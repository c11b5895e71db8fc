package io.millstream.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lettuce.core.RedisURI;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A plain RESP2 connection for tests: what the server says, with no client library in between.
 * Replies are {@code String} (simple and bulk strings), {@code Long}, {@code List} and null; an
 * error reply is a {@link ReplyError}. Not for use by several threads.
 */
public final class RespConnection implements AutoCloseable {
  /** An error that the server answered; the message is its whole text. */
  public static final class ReplyError extends RuntimeException {
    private static final long serialVersionUID = 1;

    ReplyError(String message) {
      super(message);
    }
  }

  private final Socket socket = new Socket();
  private final InputStream in;
  private final OutputStream out;

  /**
   * Connects and authenticates.
   *
   * @throws UncheckedIOException if the server cannot be reached within two seconds
   */
  public RespConnection(String uri) {
    RedisURI redisUri = RedisURI.create(uri);
    if (redisUri.isSsl()) {
      throw new IllegalArgumentException("redis.uri: TLS is not supported here: " + redisUri);
    }
    try {
      socket.connect(new InetSocketAddress(redisUri.getHost(), redisUri.getPort()), 2_000);
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(30_000);
      in = new BufferedInputStream(socket.getInputStream());
      out = socket.getOutputStream();
    } catch (IOException e) {
      close();
      throw new UncheckedIOException(e);
    }
    var credentials = redisUri.getCredentialsProvider().resolveCredentials().block();
    if (credentials != null && credentials.hasPassword()) {
      String password = new String(credentials.getPassword());
      if (credentials.hasUsername()) {
        call("AUTH", credentials.getUsername(), password);
      } else {
        call("AUTH", password);
      }
    }
    if (redisUri.getDatabase() != 0) {
      call("SELECT", Integer.toString(redisUri.getDatabase()));
    }
  }

  /** Sends a command and waits for its reply. */
  public @Nullable Object call(String... command) {
    send(command);
    return receive();
  }

  /** A command whose reply is an array. */
  public List<?> list(String... command) {
    return call(command) instanceof List<?> list ? list : List.of();
  }

  /** A command whose reply is text. */
  public String text(String... command) {
    return String.valueOf(call(command));
  }

  /** Sends a command; its reply is still to be received. */
  public void send(String... command) {
    var bytes = new ByteArrayOutputStream();
    bytes.writeBytes(("*" + command.length + "\r\n").getBytes(UTF_8));
    for (String word : command) {
      byte[] utf8 = word.getBytes(UTF_8);
      bytes.writeBytes(("$" + utf8.length + "\r\n").getBytes(UTF_8));
      bytes.writeBytes(utf8);
      bytes.writeBytes("\r\n".getBytes(UTF_8));
    }
    try {
      out.write(bytes.toByteArray());
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits for the next reply. */
  public @Nullable Object receive() {
    try {
      Object reply = parse();
      if (reply instanceof ReplyError error) {
        throw error;
      }
      return reply;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private @Nullable Object parse() throws IOException {
    String line = line();
    String rest = line.substring(1);
    return switch (line.charAt(0)) {
      case '+' -> rest;
      case '-' -> new ReplyError(rest);
      case ':' -> Long.valueOf(rest);
      case '$' -> bulk(Integer.parseInt(rest));
      case '*' -> array(Integer.parseInt(rest));
      default -> throw new IOException(String.format(Locale.ROOT, "not a RESP2 reply: '%s'", line));
    };
  }

  private @Nullable String bulk(int length) throws IOException {
    if (length < 0) {
      return null;
    }
    byte[] bytes = in.readNBytes(length + 2);
    if (bytes.length < length + 2) {
      throw new EOFException("the connection was closed");
    }
    return new String(bytes, 0, length, UTF_8);
  }

  private @Nullable List<@Nullable Object> array(int length) throws IOException {
    if (length < 0) {
      return null;
    }
    List<@Nullable Object> elements = new ArrayList<>(length);
    for (int i = 0; i < length; i++) {
      elements.add(parse());
    }
    return elements;
  }

  private String line() throws IOException {
    var bytes = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\r'; b = in.read()) {
      if (b < 0) {
        throw new EOFException("the connection was closed");
      }
      bytes.write(b);
    }
    if (in.read() != '\n') {
      throw new IOException("not a RESP2 reply");
    }
    return bytes.toString(UTF_8);
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
