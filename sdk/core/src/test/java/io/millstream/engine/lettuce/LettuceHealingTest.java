package io.millstream.engine.lettuce;

import static io.millstream.engine.lettuce.Engines.connected;
import static io.millstream.engine.lettuce.Engines.failure;
import static io.millstream.engine.lettuce.Engines.get;
import static io.millstream.engine.lettuce.Engines.settings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.millstream.engine.RedisException;
import io.millstream.engine.Signal;
import io.millstream.engine.lettuce.ScriptedServer.Answer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.scheduler.Schedulers;

/** Whatever a server says, or does not say, the engine is well again when the server is. */
class LettuceHealingTest {
  private static final Duration IMPATIENT = Duration.ofMillis(400);

  /** Whose client makes the connections. */
  private enum Client {
    OWN,
    USERS
  }

  /** For servers that answer, if in their own way. */
  private static LettuceEngine connect(String uri) {
    return Engines.connect(uri, Settings.DEFAULT.commandTimeout());
  }

  private static LettuceEngine impatient(String uri, Client whose) {
    if (whose == Client.OWN) {
      return Engines.connect(uri, IMPATIENT);
    }
    // with Lettuce's own timeout of a minute
    RedisClient client = RedisClient.create(RedisURI.create(uri));
    return LettuceEngine.using(client, Schedulers.parallel(), settings(IMPATIENT));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ":4", "$100\r\nabc", "*2\r\n:1\r\n", "-ERR and then"})
  void aReplyThatIsCutInTheMiddleFailsItsCommandAlone(String half) {
    try (var server =
        new ScriptedServer(
            (connection, command) ->
                connection == 1 && command.equals("XLEN")
                    ? Answer.cutAfter(half)
                    : ScriptedServer.well(command))) {
      LettuceEngine engine = connect(server.uri());
      try {
        RedisException error = failure(engine.streams().length("s"));
        assertThat(error.code()).isEqualTo(RedisException.CONNECTION);
        assertThat(get(connected(engine).streams().length("s"))).isZero();
        assertThat(server.connections()).isEqualTo(2);
      } finally {
        engine.close().block();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"?what\r\n", "HTTP/1.1 400 Bad Request\r\n\r\n", "$x\r\n"})
  void aConnectionThatSpeaksAnotherLanguageIsGivenUp(String garbage) {
    try (var server =
        new ScriptedServer(
            (connection, command) ->
                connection == 1 && command.equals("XLEN")
                    ? Answer.reply(garbage)
                    : ScriptedServer.well(command))) {
      LettuceEngine engine = connect(server.uri());
      try {
        assertThat(failure(engine.streams().length("s")).outcomeUnknown()).isTrue();
        assertThat(get(connected(engine).streams().length("s"))).isZero();
        assertThat(server.connections()).isEqualTo(2);
      } finally {
        engine.close().block();
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"HELLO, OWN", "HELLO, USERS", "CLIENT INFO, OWN", "CLIENT INFO, USERS"})
  void aServerThatTakesConnectionsAndSaysNothingIsLeftForTheNext(String silent, Client whose) {
    try (var server =
        new ScriptedServer(
            (connection, command) ->
                connection <= 2 && command.equals(silent)
                    ? Answer.SILENCE
                    : ScriptedServer.well(command))) {
      LettuceEngine engine = impatient(server.uri(), whose);
      try {
        assertThat(failure(engine.streams().length("s")).code())
            .isEqualTo(RedisException.CONNECTION);
        assertThat(get(connected(engine).streams().length("s"))).isZero();
      } finally {
        engine.close().block();
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "HELLO, LOADING Redis is loading the dataset in memory",
    "CLIENT INFO, LOADING Redis is loading the dataset in memory",
    "CLIENT INFO, BUSY Redis is busy running a script.",
    "CLIENT INFO, MASTERDOWN Link with MASTER is down",
  })
  void aServerThatIsNotReadyIsAskedAgain(String refused, String error) {
    try (var server =
        new ScriptedServer(
            (connection, command) ->
                connection <= 3 && command.equals(refused)
                    ? Answer.error(error)
                    : ScriptedServer.well(command))) {
      LettuceEngine engine = connect(server.uri());
      try {
        assertThat(failure(engine.streams().length("s")).code())
            .isEqualTo(RedisException.of(error).code());
        assertThat(get(connected(engine).streams().length("s"))).isZero();
        assertThat(server.connections()).isEqualTo(4);
      } finally {
        engine.close().block();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"LOADING Redis is loading", "BUSY Redis is busy", "MASTERDOWN no master"})
  void nothingIsTakenBeforeTheOldConnectionIsKilled(String error) {
    List<String> events = new CopyOnWriteArrayList<>();
    try (var server =
        new ScriptedServer(
            (connection, command) -> {
              if (connection == 1 && command.equals("XLEN")) {
                return Answer.cutAfter("");
              }
              if (connection <= 3 && command.equals("CLIENT KILL")) {
                return Answer.error(error);
              }
              if (command.equals("CLIENT KILL") || command.equals("XLEN")) {
                events.add(command + " on " + connection);
              }
              return ScriptedServer.well(command);
            })) {
      LettuceEngine engine = connect(server.uri());
      try {
        assertThat(failure(engine.streams().length("s")).code())
            .isEqualTo(RedisException.CONNECTION);
        assertThat(get(connected(engine).streams().length("s"))).isZero();
        assertThat(events).startsWith("CLIENT KILL on 4", "XLEN on 4");
      } finally {
        engine.close().block();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Client.class)
  void aListenerOfAServerThatSaysNothingListensWhenItSpeaks(Client whose) {
    List<Signal> told = new CopyOnWriteArrayList<>();
    List<String> silent = new CopyOnWriteArrayList<>(List.of("HELLO", "SUBSCRIBE"));
    try (var server =
        new ScriptedServer(
            (connection, command) ->
                connection > 1 && silent.remove(command)
                    ? Answer.SILENCE
                    : ScriptedServer.well(command))) {
      LettuceEngine engine = connected(impatient(server.uri(), whose));
      try {
        engine.signals().listen("c").subscribe(told::add);
        await().untilAsserted(() -> assertThat(told).isNotEmpty());
        assertThat(silent).isEmpty();
      } finally {
        engine.close().block();
      }
    }
  }

  /** A listener whose queue is full lets the kernel drop what asks for a connection. */
  @Test
  void aServerThatDropsPacketsIsReachedWhenItTakesThemAgain() throws IOException {
    List<Socket> queue = new ArrayList<>();
    try (var blackHole = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      fill(blackHole, queue);
      LettuceEngine engine = connect("redis://127.0.0.1:" + blackHole.getLocalPort());
      try {
        RedisException error = failure(engine.streams().length("s"));
        assertThat(error.code()).isEqualTo(RedisException.CONNECTION);
        assertThat(error).hasMessageContaining("connection timed out after 2000 ms");
        for (Socket each : queue) {
          each.close();
        }
        try (var server =
            new ScriptedServer(blackHole, (n, command) -> ScriptedServer.well(command))) {
          assertThat(get(connected(engine).streams().length("s"))).isZero();
          assertThat(server.connections()).isPositive();
        }
      } finally {
        engine.close().block();
      }
    }
  }

  private static void fill(ServerSocket listener, List<Socket> queue) throws IOException {
    while (true) {
      Socket socket = new Socket();
      queue.add(socket);
      try {
        socket.connect(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), listener.getLocalPort()), 300);
      } catch (SocketTimeoutException e) {
        return;
      }
    }
  }
}
