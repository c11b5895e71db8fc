package io.millstream.examples.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WireTest {
  private ServerSocket listener;
  private Wire wire;
  private Socket client;
  private Socket server;

  @BeforeEach
  void connect() throws IOException {
    listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    wire = new Wire(listener.getLocalPort());
    client = new Socket(InetAddress.getLoopbackAddress(), wire.port());
    server = listener.accept();
    client.setSoTimeout(10_000);
    server.setSoTimeout(10_000);
    passes(client, server, "hello");
    passes(server, client, "hello yourself");
  }

  @AfterEach
  void close() throws IOException {
    client.close();
    server.close();
    wire.close();
    listener.close();
  }

  private static void send(Socket from, String text) throws IOException {
    from.getOutputStream().write(text.getBytes(UTF_8));
  }

  private static void passes(Socket from, Socket to, String text) throws IOException {
    send(from, text);
    assertArrives(to, text);
  }

  private static void assertArrives(Socket to, String text) throws IOException {
    assertThat(new String(to.getInputStream().readNBytes(text.length()), UTF_8)).isEqualTo(text);
  }

  private static void assertNothingArrives(Socket to) throws IOException {
    to.setSoTimeout(100);
    assertThatThrownBy(() -> to.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
    to.setSoTimeout(10_000);
  }

  private static boolean ended(Socket socket) {
    try {
      return socket.getInputStream().read() < 0;
    } catch (IOException e) {
      return !(e instanceof SocketTimeoutException);
    }
  }

  @Test
  void aCutBreaksBothSidesAndTheNextConnectionIsSound() throws IOException {
    wire.cut();

    assertThat(ended(client)).isTrue();
    assertThat(ended(server)).isTrue();
    try (Socket next = new Socket(InetAddress.getLoopbackAddress(), wire.port());
        Socket accepted = listener.accept()) {
      passes(next, accepted, "again");
    }
  }

  @Test
  void aReplyIsCutInItsMiddle() throws IOException {
    wire.cutReply();
    passes(client, server, "a question");
    send(server, "a long answer");

    assertArrives(client, "a long");
    assertThat(ended(client)).isTrue();
    assertThat(ended(server)).isTrue();
  }

  @Test
  void whatWasNotCutInTimeIsSpared() throws IOException {
    wire.cutReply();
    wire.sparesReplies();

    passes(server, client, "a long answer");
  }

  @Test
  void aStalledConnectionPassesEverythingOnLate() throws IOException {
    wire.hold();
    send(client, "late");
    send(server, "later");
    assertNothingArrives(server);
    assertNothingArrives(client);

    wire.release();

    assertArrives(server, "late");
    assertArrives(client, "later");
  }

  @Test
  void aHalfOpenConnectionHidesThatItsClientIsGone() throws IOException {
    wire.hold();
    client.close();
    assertNothingArrives(server);

    wire.drop();

    assertThat(ended(server)).isTrue();
  }

  @Test
  void whatAHalfOpenConnectionHeldBackIsGone() throws IOException {
    wire.hold();
    send(client, "never");

    wire.drop();

    assertThat(ended(server)).isTrue();
    assertThat(ended(client)).isTrue();
  }

  @Test
  void aConnectionIsRefusedWhileTheServerIsAway() throws IOException {
    listener.close();
    try (Socket next = new Socket(InetAddress.getLoopbackAddress(), wire.port())) {
      next.setSoTimeout(10_000);
      assertThat(ended(next)).isTrue();
    }
  }
}
