package io.millstream.test.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.InstanceOfAssertFactories.LIST;

import io.millstream.testing.Capability;
import io.millstream.testing.RespConnection;
import io.millstream.testing.RespConnection.ReplyError;
import io.millstream.testing.Rule;
import io.millstream.testing.TestRedis;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * The rules of docs/redis-rules.md that the engine's port cannot express, and what clients can send
 * besides: the same on the Redis in memory and on every real server.
 */
abstract class WireContract {
  private final String uri;
  private final RespConnection redis;
  private final RespConnection second;
  private final String key = TestRedis.key();
  private final String other = TestRedis.key();

  WireContract(String uri) {
    this.uri = uri;
    this.redis = new RespConnection(uri);
    this.second = new RespConnection(uri);
  }

  /** Whether the server can do it. */
  abstract boolean has(Capability capability);

  @AfterEach
  void close() {
    redis.call("DEL", key, other);
    redis.close();
    second.close();
  }

  private String error(String... command) {
    ReplyError error = catchThrowableOfType(ReplyError.class, () -> redis.call(command));
    return Objects.requireNonNull(error.getMessage());
  }

  private void createGroup() {
    redis.call("XGROUP", "CREATE", key, "g", "0", "MKSTREAM");
  }

  private void add(String id) {
    redis.call("XADD", key, id, "f", "v");
  }

  private static List<Object> entry(String id) {
    return List.of(id, List.of("f", "v"));
  }

  /** The second connection sends a command that waits. */
  private void block(RespConnection connection, String... command) {
    String id = connection.text("CLIENT", "ID");
    connection.send(command);
    Awaitility.await()
        .until(
            () ->
                redis
                    .text("CLIENT", "LIST")
                    .lines()
                    .anyMatch(line -> line.matches("id=" + id + " .* flags=\\S*b.*")));
  }

  private void blockReader(RespConnection connection, String consumer, String count) {
    block(
        connection,
        "XREADGROUP",
        "GROUP",
        "g",
        consumer,
        "COUNT",
        count,
        "BLOCK",
        "0",
        "STREAMS",
        key,
        ">");
  }

  private static @Nullable Object receive(RespConnection connection) {
    try {
      return connection.receive();
    } catch (ReplyError e) {
      return "-" + e.getMessage();
    }
  }

  @Test
  @Rule(8)
  void xaddWithAnOddNumberOfWordsIsRefusedAfterItsIdIsRead() {
    assertThat(error("XADD", key, "*", "f", "v", "g"))
        .isEqualTo(
            has(Capability.AUTO_SEQUENCE) // 7.0 names commands in one way everywhere
                ? "ERR wrong number of arguments for 'xadd' command"
                : "ERR wrong number of arguments for XADD");
    assertThat(error("XADD", key, "x", "f", "v", "g"))
        .isEqualTo("ERR Invalid stream ID specified as stream command argument");
    assertThat(redis.call("EXISTS", key)).isEqualTo(0L);
  }

  @Test
  @Rule(15)
  void maxLenAndMinIdDoNotGoTogether() {
    assertThat(error("XADD", key, "MAXLEN", "1", "MINID", "1", "*", "f", "v"))
        .isEqualTo(
            "ERR syntax error, MAXLEN and MINID options at the same time are not compatible");
    assertThat(error("XTRIM", key, "MINID", "1", "MAXLEN", "1"))
        .isEqualTo(
            "ERR syntax error, MAXLEN and MINID options at the same time are not compatible");
  }

  @Test
  void limitWantsAStrategyAndTheTilde() {
    assertThat(error("XADD", key, "LIMIT", "1", "*", "f", "v"))
        .isEqualTo("ERR syntax error, LIMIT cannot be used without specifying a trimming strategy");
    assertThat(error("XTRIM", key, "MAXLEN", "1", "LIMIT", "1"))
        .isEqualTo("ERR syntax error, LIMIT cannot be used without the special ~ option");
    assertThat(error("XTRIM", key, "LIMIT", "1", "LIMIT", "-1"))
        .isEqualTo("ERR The LIMIT argument must be >= 0.");
  }

  @Test
  @Rule(31)
  void aTimeoutMustBeAWholeNumberThatIsNotNegative() {
    createGroup();
    assertThat(error("XREADGROUP", "GROUP", "g", "c", "BLOCK", "-1", "STREAMS", key, ">"))
        .isEqualTo("ERR timeout is negative");
    assertThat(error("XREADGROUP", "GROUP", "g", "c", "BLOCK", "1.5", "STREAMS", key, ">"))
        .isEqualTo("ERR timeout is not an integer or out of range");
  }

  @Test
  @Rule(32)
  void everyStreamOfAReadWantsItsId() {
    assertThat(error("XREADGROUP", "GROUP", "g", "c", "COUNT", "1", "STREAMS", key))
        .isEqualTo(
            has(Capability.BLOCKED_READ_RERUN)
                ? "ERR Unbalanced 'xreadgroup' list of streams: for each stream key an ID or '>'"
                    + " must be specified."
                : "ERR Unbalanced XREAD list of streams: for each stream key an ID or '$' must be"
                    + " specified.");
    assertThat(error("XREAD", "COUNT", "1", "STREAMS", key)).startsWith("ERR Unbalanced ");
  }

  @Test
  void xreadRefusesWhatIsForGroups() {
    assertThat(error("XREAD", "GROUP", "g", "c", "STREAMS", key, "0"))
        .isEqualTo(
            "ERR The GROUP option is only supported by XREADGROUP. You called XREAD instead.");
    assertThat(error("XREAD", "NOACK", "STREAMS", key, "0"))
        .isEqualTo(
            "ERR The NOACK option is only supported by XREADGROUP. You called XREAD instead.");
    assertThat(error("XREAD", "STREAMS", key, ">"))
        .isEqualTo(
            "ERR The > ID can be specified only when calling XREADGROUP using the GROUP <group>"
                + " <consumer> option.");
    assertThat(error("XREADGROUP", "COUNT", "1", "NOACK", "STREAMS", key, key, "0", "0"))
        .isEqualTo("ERR Missing GROUP option for XREADGROUP");
  }

  @Test
  void xreadBringsWhatComesAfterAnIdOfEachStreamThatHasSomething() {
    add("1-0");
    add("2-0");
    assertThat(redis.call("XREAD", "STREAMS", key, other, "1-0", "0"))
        .isEqualTo(List.of(List.of(key, List.of(entry("2-0")))));
    assertThat(redis.call("XREAD", "COUNT", "1", "STREAMS", key, "0"))
        .isEqualTo(List.of(List.of(key, List.of(entry("1-0")))));
    assertThat(redis.call("XREAD", "STREAMS", key, "$")).isNull();
    assertThat(redis.call("XREAD", "BLOCK", "1", "STREAMS", key, "2-0")).isNull();
  }

  @Test
  @Rule(28)
  void aRenamedOrCopiedStreamKeepsItsGroupsAndPendingEntries() {
    createGroup();
    add("1-0");
    redis.call("XREADGROUP", "GROUP", "g", "c", "STREAMS", key, ">");
    List<?> before = redis.list("XPENDING", key, "g");
    assertThat(redis.call("COPY", key, other)).isEqualTo(1L);
    assertThat(redis.list("XPENDING", other, "g")).isEqualTo(before);
    assertThat(redis.call("XACK", other, "g", "1-0")).isEqualTo(1L);
    assertThat(redis.list("XPENDING", key, "g")).isEqualTo(before);
    assertThat(redis.call("RENAME", key, other)).isEqualTo("OK");
    assertThat(redis.list("XPENDING", other, "g")).isEqualTo(before);
    assertThat(redis.list("XINFO", "GROUPS", other)).hasSize(1);
  }

  @Test
  @Rule(43)
  void withinATransactionNothingWaits() {
    createGroup();
    redis.call("MULTI");
    assertThat(redis.call("XREADGROUP", "GROUP", "g", "c", "BLOCK", "0", "STREAMS", key, ">"))
        .isEqualTo("QUEUED");
    redis.call("XREAD", "BLOCK", "0", "STREAMS", key, "$");
    assertThat(redis.list("EXEC")).hasSize(2).containsOnlyNulls();
  }

  @Test
  @Rule(46)
  void aWaiterWakesAfterTheWholeTransaction() {
    createGroup();
    blockReader(second, "c", "10");
    redis.call("MULTI");
    add("1-0");
    add("2-0");
    redis.call("EXEC");
    assertThat(receive(second))
        .isEqualTo(List.of(List.of(key, List.of(entry("1-0"), entry("2-0")))));
  }

  @Test
  @Rule(46)
  void countOneSpreadsWhatATransactionAdded() {
    createGroup();
    try (RespConnection third = new RespConnection(uri)) {
      blockReader(second, "c", "1");
      blockReader(third, "d", "1");
      redis.call("MULTI");
      add("1-0");
      add("2-0");
      redis.call("EXEC");
      assertThat(receive(second)).isEqualTo(List.of(List.of(key, List.of(entry("1-0")))));
      assertThat(receive(third)).isEqualTo(List.of(List.of(key, List.of(entry("2-0")))));
    }
  }

  @Test
  @Rule(47)
  void twoKeysThatAreReadyInOneTransactionAreRepliedTogether() {
    createGroup();
    redis.call("XGROUP", "CREATE", other, "g", "0", "MKSTREAM");
    block(second, "XREADGROUP", "GROUP", "g", "c", "BLOCK", "0", "STREAMS", key, other, ">", ">");
    redis.call("MULTI");
    add("1-0");
    redis.call("XADD", other, "2-0", "f", "v");
    redis.call("EXEC");
    List<Object> first = List.of(key, List.of(entry("1-0")));
    assertThat(receive(second))
        .isEqualTo(
            has(Capability.BLOCKED_READ_RERUN)
                ? List.of(first, List.of(other, List.of(entry("2-0"))))
                : List.of(first));
  }

  @Test
  @Rule(48)
  void whatIsAddedAndDeletedInOneTransactionWakesNobodyForGood() {
    createGroup();
    blockReader(second, "c", "10");
    redis.call("MULTI");
    add("1-0");
    redis.call("XDEL", key, "1-0");
    redis.call("EXEC");
    add("2-0");
    assertThat(receive(second))
        .isEqualTo(
            has(Capability.BLOCKED_READ_RERUN)
                ? List.of(List.of(key, List.of(entry("2-0"))))
                : List.of(List.of(key, List.of()))); // woken, and told of nothing
  }

  @Test
  @Rule(52)
  void anXreadThatWaitsSurvivesTheDeletionOfItsKey() {
    add("1-0");
    block(second, "XREAD", "BLOCK", "0", "STREAMS", key, "$");
    redis.call("DEL", key);
    redis.call("SET", key, "text");
    redis.call("DEL", key);
    add("2-0");
    assertThat(receive(second)).isEqualTo(List.of(List.of(key, List.of(entry("2-0")))));
  }

  @Test
  @Rule(53)
  void clientUnblockEndsAReadWithAnErrorOrWithNil() {
    createGroup();
    String id = second.text("CLIENT", "ID");
    blockReader(second, "c", "1");
    assertThat(redis.call("CLIENT", "UNBLOCK", id, "ERROR")).isEqualTo(1L);
    assertThat(receive(second)).isEqualTo("-UNBLOCKED client unblocked via CLIENT UNBLOCK");
    blockReader(second, "c", "1");
    assertThat(redis.call("CLIENT", "UNBLOCK", id)).isEqualTo(1L);
    assertThat(receive(second)).isNull();
    assertThat(redis.call("CLIENT", "UNBLOCK", id)).isEqualTo(0L);
  }

  @Test
  @Rule(55)
  void oneBadIdFailsAWholeXackButNotWithoutAGroup() {
    assertThat(redis.call("XACK", key, "g", "x")).isEqualTo(0L);
    createGroup();
    add("1-0");
    redis.call("XREADGROUP", "GROUP", "g", "c", "STREAMS", key, ">");
    assertThat(redis.call("XACK", key, "missing", "x")).isEqualTo(0L);
    assertThat(error("XACK", key, "g", "1-0", "x"))
        .isEqualTo("ERR Invalid stream ID specified as stream command argument");
    assertThat(redis.call("XACK", key, "g", "1-0")).isEqualTo(1L);
  }

  @Test
  @Rule(60)
  void xclaimFindsAMissingGroupBeforeWhatIsWrongWithTheRest() {
    assertThat(error("XCLAIM", key, "g", "c", "x", "1-0"))
        .isEqualTo("NOGROUP No such key '" + key + "' or consumer group 'g'");
    createGroup();
    assertThat(error("XCLAIM", key, "g", "c", "x", "1-0"))
        .isEqualTo("ERR Invalid min-idle-time argument for XCLAIM");
    assertThat(error("XCLAIM", key, "g", "c", "0", "1-0", "SOON"))
        .isEqualTo("ERR Unrecognized XCLAIM option 'SOON'");
    assertThat(error("XCLAIM", key, "g", "c", "0", "1-0", "IDLE", "x"))
        .isEqualTo("ERR Invalid IDLE option argument for XCLAIM");
    assertThat(redis.list("XCLAIM", key, "g", "c", "-5", "1-0")).isEmpty();
  }

  @Test
  @Rule(70)
  void underResp3ReadsAndXinfoAreMapsAndEntriesAreArrays() throws IOException {
    createGroup();
    add("1-0");
    String reply =
        raw(
            "HELLO 3",
            "XREAD STREAMS " + key + " 0",
            "XREADGROUP GROUP g c STREAMS " + key + " >",
            "XINFO STREAM " + key);
    String name = "$" + key.length() + "\r\n" + key + "\r\n";
    String entries = "*1\r\n*2\r\n$3\r\n1-0\r\n*2\r\n$1\r\nf\r\n$1\r\nv\r\n";
    assertThat(reply)
        .contains("%1\r\n" + name + entries + "%1\r\n" + name + entries)
        .containsPattern("%\\d+\r\n\\$6\r\nlength\r\n:1\r\n");
  }

  /** All that a new connection is answered, as it comes over the wire. */
  private String raw(String... commands) throws IOException {
    URI server = URI.create(uri);
    try (Socket socket = new Socket(server.getHost(), server.getPort())) {
      String lines = String.join("\r\n", commands) + "\r\nQUIT\r\n";
      socket.getOutputStream().write(lines.getBytes(UTF_8));
      return new String(socket.getInputStream().readAllBytes(), UTF_8);
    }
  }

  @Test
  void xsetidOnlyMovesTheLastIdWhereItStaysTheLargest() {
    assertThat(error("XSETID", key, "1-1")).isEqualTo("ERR no such key");
    add("1-1");
    assertThat(redis.call("XSETID", key, "5-0")).isEqualTo("OK");
    assertThat(error("XADD", key, "5-0", "f", "v")).startsWith("ERR The ID specified in XADD");
    assertThat(error("XSETID", key, "1-0"))
        .isEqualTo("ERR The ID specified in XSETID is smaller than the target stream top item");
  }

  @Test
  void xinfoFullShowsTenEntriesUnlessAskedForMoreOrWithCountZeroAll() {
    for (int i = 1; i <= 12; i++) {
      add(i + "-0");
    }
    assertThat(fullEntries("XINFO", "STREAM", key, "FULL")).hasSize(10);
    assertThat(fullEntries("XINFO", "STREAM", key, "FULL", "COUNT", "11")).hasSize(11);
    assertThat(fullEntries("XINFO", "STREAM", key, "FULL", "COUNT", "0")).hasSize(12);
  }

  private List<?> fullEntries(String... command) {
    List<?> reply = redis.list(command);
    return (List<?>) reply.get(reply.indexOf("entries") + 1);
  }

  @Test
  void anUnknownCommandIsQuotedBack() {
    assertThat(error("NOSUCH", "a", "b"))
        .startsWith("ERR unknown command ")
        .contains("NOSUCH")
        .contains("with args beginning with: ")
        .contains("a")
        .contains("b");
  }

  @Test
  void aTransactionWithABadCommandIsDiscarded() {
    redis.call("MULTI");
    assertThat(error("XADD", key)).isEqualTo("ERR wrong number of arguments for 'xadd' command");
    assertThat(error("EXEC"))
        .isEqualTo("EXECABORT Transaction discarded because of previous errors.");
    assertThat(error("EXEC")).isEqualTo("ERR EXEC without MULTI");
    assertThat(error("DISCARD")).isEqualTo("ERR DISCARD without MULTI");
  }

  @Test
  void anErrorWithinATransactionLeavesTheOtherCommandsAlone() {
    redis.call("MULTI");
    redis.call("SET", key, "text");
    redis.call("XLEN", key);
    redis.call("DEL", key);
    List<?> replies = redis.list("EXEC");
    assertThat(replies.get(0)).isEqualTo("OK");
    assertThat(replies.get(1))
        .hasToString(
            "io.millstream.testing.RespConnection$ReplyError: WRONGTYPE Operation against a key"
                + " holding the wrong kind of value");
    assertThat(replies.get(2)).isEqualTo(1L);
  }

  @Test
  void aKilledConnectionTakesItsReadWithIt() {
    createGroup();
    String id = second.text("CLIENT", "ID");
    blockReader(second, "c", "1");
    assertThat(redis.call("CLIENT", "KILL", "ID", id)).isEqualTo(1L);
    add("1-0");
    assertThat(redis.list("XPENDING", key, "g").get(0)).isEqualTo(0L);
    assertThat(redis.call("CLIENT", "KILL", "ID", id)).isEqualTo(0L);
  }

  @Test
  void namesOfAnyBytesComeBackAsTheyWere() {
    String name = "gr\u00fc\u00dfe \ud83d\ude80 \u0000";
    redis.call("XGROUP", "CREATE", key, name, "0", "MKSTREAM");
    assertThat(redis.list("XINFO", "GROUPS", key)).singleElement(LIST).startsWith("name", name);
  }
}
