package io.millstream.test.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millstream.Millstream;
import io.millstream.codec.MessageStream;
import io.millstream.engine.RedisException;
import io.millstream.engine.Signal;
import io.millstream.engine.memory.InMemoryServer;
import io.millstream.testing.RespConnection;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.core.scheduler.Schedulers;

class InMemoryRedisTest {
  private final InMemoryRedis redis = InMemoryRedis.start();

  @AfterEach
  void close() {
    redis.close();
  }

  @Test
  void listensOnTheLoopbackInterfaceAtTheUriThatItTells() {
    assertThat(redis.uri()).isEqualTo("redis://127.0.0.1:" + redis.port());
    try (var connection = new RespConnection(redis.uri())) {
      assertThat(connection.call("PING")).isEqualTo("PONG");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 65_536})
  void aPortThatIsNoneIsRefused(int port) {
    assertThatThrownBy(() -> InMemoryRedis.start(port))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("port: " + port + ", expected 0 to 65535");
  }

  @Test
  void aPortThatIsTakenIsRefusedInOneLine() {
    assertThatThrownBy(() -> InMemoryRedis.start(redis.port()))
        .isInstanceOf(IllegalStateException.class)
        .message()
        .startsWith("port: " + redis.port() + " cannot be listened on: ")
        .doesNotContain("\n");
  }

  @Test
  void closingFreesThePortAndKeepsTheDataOfAServerThatWasThereBefore() {
    InMemoryServer server = InMemoryServer.create(Schedulers.parallel());
    String uri;
    try (var opened = InMemoryRedis.start(0, server);
        var connection = new RespConnection(opened.uri())) {
      uri = opened.uri();
      connection.call("XADD", "s", "1-0", "f", "v");
    }
    assertThatThrownBy(() -> new RespConnection(uri)).isInstanceOf(UncheckedIOException.class);
    assertThat(server.connect().streams().length("s").block()).isEqualTo(1);
  }

  @Test
  void clientsAndAMillstreamInThisProcessShareTheStreams() {
    try (var millstream = Millstream.inMemory(redis.server());
        var connection = new RespConnection(redis.uri())) {
      millstream.publisher(MessageStream.string("jobs")).publish("one").block();
      assertThat(connection.call("XLEN", "jobs")).isEqualTo(1L);
    }
  }

  @Test
  void publishedMessagesCrossThePortBothWays() throws Exception {
    try (var millstream = Millstream.inMemory(redis.server());
        var listening = new RespConnection(redis.uri());
        var publishing = new RespConnection(redis.uri())) {
      listening.call("SUBSCRIBE", "news");
      BlockingQueue<Signal> heard = new LinkedBlockingQueue<>();
      Disposable inside = millstream.engine().signals().listen("news").subscribe(heard::add);
      assertThat(heard.poll(10, TimeUnit.SECONDS)).isEqualTo(Signal.LISTENING);

      assertThat(publishing.call("PUBLISH", "news", "hello")).isEqualTo(2L);
      assertThat(heard.poll(10, TimeUnit.SECONDS)).isEqualTo(Signal.HEARD);
      assertThat(listening.receive()).isEqualTo(List.of("message", "news", "hello"));

      assertThat(millstream.engine().signals().publish("news").block()).isEqualTo(2);
      assertThat(listening.receive()).isEqualTo(List.of("message", "news", ""));
      inside.dispose();
    }
  }

  @Test
  void faultsOfTheServerReachClients() {
    try (var connection = new RespConnection(redis.uri())) {
      redis.server().faults().failNext("XADD", 1, RedisException.of("OOM command not allowed"));
      assertThatThrownBy(() -> connection.call("XADD", "s", "*", "f", "v"))
          .hasMessage("OOM command not allowed");
      redis.server().faults().loseReply("XADD", 1);
      assertThatThrownBy(() -> connection.call("XADD", "s", "*", "f", "v"))
          .isInstanceOf(UncheckedIOException.class);
    }
    try (var connection = new RespConnection(redis.uri())) {
      assertThat(connection.call("XLEN", "s")).isEqualTo(1L);
      redis.server().faults().disconnect();
      assertThatThrownBy(() -> connection.call("XLEN", "s"))
          .isInstanceOf(UncheckedIOException.class);
    }
  }

  @Test
  void whatIsTypedByHandIsUnderstood() throws Exception {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), redis.port())) {
      socket.getOutputStream().write("  ping  hello \r\n".getBytes(US_ASCII));
      assertThat(new String(socket.getInputStream().readNBytes(11), US_ASCII))
          .isEqualTo("$5\r\nhello\r\n");
    }
  }

  @Test
  void anUnknownSubcommandIsNamedAsSince70() {
    try (var connection = new RespConnection(redis.uri())) {
      assertThatThrownBy(() -> connection.call("XINFO", "NoSuch", "s"))
          .hasMessage("ERR unknown subcommand 'NoSuch'. Try XINFO HELP.");
    }
  }

  @Test
  void unknownLuaIsRefused() {
    try (var connection = new RespConnection(redis.uri())) {
      assertThatThrownBy(() -> connection.call("EVAL", "return 1", "0"))
          .hasMessage("ERR this Redis in memory runs no Lua, only Millstream's own scripts");
      assertThatThrownBy(() -> connection.call("EVALSHA", "abc", "0"))
          .hasMessage("NOSCRIPT No matching script. Please use EVAL.");
    }
  }

  @Test
  void databasesAreApart() {
    try (var connection = new RespConnection(redis.uri())) {
      connection.call("XADD", "s", "1-0", "f", "v");
      connection.call("SELECT", "3");
      assertThat(connection.call("EXISTS", "s")).isEqualTo(0L);
      connection.call("SWAPDB", "0", "3");
      assertThat(connection.call("EXISTS", "s")).isEqualTo(1L);
      assertThatThrownBy(() -> connection.call("SELECT", "16"))
          .hasMessage("ERR DB index is out of range");
    }
  }

  @Test
  void aDumpRestoresTheStreamWithAllThatIsKnownOfIt() {
    try (var connection = new RespConnection(redis.uri())) {
      connection.call("XGROUP", "CREATE", "s", "g", "0", "MKSTREAM");
      for (int i = 1; i <= 250; i++) {
        connection.call("XADD", "s", i + "-0", "f", "v".repeat(i), "n", Integer.toString(-i * i));
      }
      connection.call("XREADGROUP", "GROUP", "g", "c", "COUNT", "3", "STREAMS", "s", ">");
      connection.call("XDEL", "s", "250-0");
      List<?> before = connection.list("XINFO", "STREAM", "s", "FULL", "COUNT", "0");
      var streams = redis.server().database(0).streams();
      byte[] dump = StreamDump.of(Objects.requireNonNull(streams.snapshot("s", Long.MAX_VALUE)));
      streams.restore(
          "t", StreamRestore.read(dump[0], new RdbReader(dump, 1, dump.length - 11)), false);

      assertThat(connection.list("XINFO", "STREAM", "t", "FULL", "COUNT", "0").subList(6, 18))
          .isEqualTo(before.subList(6, 18));
    }
  }
}
