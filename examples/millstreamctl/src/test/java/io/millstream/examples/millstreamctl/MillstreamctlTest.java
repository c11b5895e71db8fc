package io.millstream.examples.millstreamctl;

import static org.assertj.core.api.Assertions.assertThat;

import io.millstream.Millstream;
import io.millstream.codec.DeadLetterStory;
import io.millstream.codec.MessageStream;
import io.millstream.engine.CreateArgs;
import io.millstream.engine.ReadArgs;
import io.millstream.engine.Reader;
import io.millstream.engine.RedisException;
import io.millstream.engine.memory.InMemoryServer;
import io.millstream.entry.Entry;
import io.millstream.entry.EntryId;
import io.millstream.entry.Fields;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Each command as people and scripts use it, on a Redis in memory. */
class MillstreamctlTest {
  private static final MessageStream<String> JOBS = MessageStream.string("jobs");
  private static final String FIRST_WORD = "^\\S+";

  private final InMemoryServer server = InMemoryServer.create(Schedulers.parallel());
  private final Millstream millstream = Millstream.inMemory(server);
  private String out = "";
  private String err = "";

  @AfterEach
  void close() {
    millstream.close();
  }

  private int run(String... words) {
    StringWriter said = new StringWriter();
    StringWriter complained = new StringWriter();
    int status =
        Millstreamctl.create(
                uri -> Millstream.inMemory(server),
                new PrintWriter(said),
                new PrintWriter(complained))
            .execute(words);
    out = said.toString();
    err = complained.toString();
    return status;
  }

  private List<String> lines() {
    return out.lines().toList();
  }

  private static <T> T get(Mono<T> call) {
    return Objects.requireNonNull(call.block(Duration.ofSeconds(10)));
  }

  private void createGroup(String group) {
    get(millstream.engine().groups().create("jobs", group, CreateArgs.from("0")).thenReturn(true));
  }

  private EntryId publish(String payload) {
    return get(millstream.publisher(JOBS).publish(payload));
  }

  private List<Entry> read(String group, String consumer, int count) {
    Reader reader = get(millstream.engine().openReader());
    List<Entry> entries =
        get(reader.read(ReadArgs.fresh("jobs", group, consumer, count, null))).get(0).entries();
    get(reader.close());
    return entries;
  }

  private void acknowledge(String group, List<Entry> entries) {
    get(millstream.engine().groups().ack("jobs", group, entries.stream().map(Entry::id).toList()));
  }

  /** A message that the group has read and given up; its id among the dead letters. */
  private String giveUp(String payload, String reason, RuntimeException failure) {
    Entry entry = new Entry(publish(payload), Fields.of("payload", payload));
    acknowledge("g", read("g", "c", 1));
    Fields story =
        new DeadLetterStory(
                "jobs",
                entry.id(),
                "g",
                "c",
                5,
                Instant.parse("2026-01-02T03:04:05Z"),
                reason,
                failure)
            .fields();
    return get(millstream
            .engine()
            .streams()
            .add(JOBS.deadLetterKey("g"), entry.fields().plus(story)))
        .toString();
  }

  private String giveUp(String payload) {
    return giveUp(payload, "deliveries spent", new IllegalStateException("no " + payload));
  }

  @Test
  void groupsShowsHowEachGroupStands() {
    createGroup("g");
    createGroup("idle");
    giveUp("x");
    EntryId pending = publish("y");
    read("g", "alice", 1);
    assertThat(run("groups", "jobs")).isEqualTo(Exit.DONE);
    assertThat(lines().get(0).split(" {2,}"))
        .containsExactly(
            "GROUP",
            "CONSUMERS",
            "LAG",
            "PENDING",
            "OLDEST PENDING",
            "OLDEST IDLE",
            "DEAD LETTERS");
    assertThat(lines().get(1)).matches("g +2 +0 +1 +" + pending + " +\\d+m?s +1");
    assertThat(lines().get(2)).matches("idle +0 +2 +0 +- +- +0");
  }

  @Test
  void groupsOfNoStreamIsNotFound() {
    assertThat(run("groups", "jobs")).isEqualTo(Exit.NOT_FOUND);
    assertThat(err).isEqualTo("no groups of 'jobs'\n");
    assertThat(out).isEmpty();
  }

  @Test
  void jsonIsAnObjectALine() {
    createGroup("a");
    createGroup("b");
    assertThat(run("groups", "--json", "jobs")).isEqualTo(Exit.DONE);
    assertThat(lines())
        .containsExactly(
            "{\"group\":\"a\",\"consumers\":0,\"lag\":0,\"pending\":0,\"oldestPending\":null,"
                + "\"oldestIdle\":null,\"deadLetters\":0}",
            "{\"group\":\"b\",\"consumers\":0,\"lag\":0,\"pending\":0,\"oldestPending\":null,"
                + "\"oldestIdle\":null,\"deadLetters\":0}");
  }

  @Test
  void pendingShowsWhoHoldsWhat() {
    createGroup("g");
    EntryId first = publish("x");
    publish("y");
    read("g", "alice", 1);
    read("g", "bob", 1);
    assertThat(run("pending", "jobs", "g")).isEqualTo(Exit.DONE);
    assertThat(lines()).hasSize(3);
    assertThat(lines().get(1)).matches(first + " +alice +\\d+m?s +1");
    assertThat(run("pending", "jobs", "g", "--consumer", "bob", "--json")).isEqualTo(Exit.DONE);
    assertThat(lines()).hasSize(1);
    assertThat(out).contains("\"consumer\":\"bob\"", "\"deliveries\":1");
    assertThat(run("pending", "jobs", "g", "--idle", "1h", "--json")).isEqualTo(Exit.DONE);
    assertThat(lines()).isEmpty();
    assertThat(run("pending", "jobs", "g", "--limit", "1")).isEqualTo(Exit.DONE);
    assertThat(lines()).hasSize(2);
    assertThat(run("pending", "jobs", "nobody")).isEqualTo(Exit.NOT_FOUND);
    assertThat(err).isEqualTo("no such stream or group\n");
  }

  @Test
  void consumersAreShownAndThoseThatAreGoneRemoved() {
    createGroup("g");
    publish("x");
    read("g", "alice", 1);
    assertThat(run("consumers", "jobs", "g")).isEqualTo(Exit.DONE);
    assertThat(lines().get(1)).matches("alice +1 +\\d+m?s +\\d+m?s");
    assertThat(run("consumers", "jobs", "g", "--remove-idle", "2h", "--json")).isEqualTo(Exit.DONE);
    assertThat(out).isEmpty();
    assertThat(run("consumers", "jobs", "g", "--remove-idle", "1s")).isEqualTo(2);
    assertThat(err).contains("idle: PT1S, allowed: PT2M or more");
  }

  @Test
  void storyShowsHowAMessageStandsWithEachGroup() {
    createGroup("g");
    createGroup("idle");
    EntryId id = publish("x");
    read("g", "alice", 1);
    assertThat(run("story", "jobs", id.toString())).isEqualTo(Exit.DONE);
    assertThat(lines().get(0)).isEqualTo("payload=x");
    assertThat(lines().get(2)).matches("g +pending +alice +\\d+m?s +1 +-");
    assertThat(lines().get(3)).matches("idle +unread +- +- +- +-");
    assertThat(run("story", "jobs", "1-1")).isEqualTo(Exit.NOT_FOUND);
  }

  @Test
  void deadListShowsTheStoriesAndFilters() {
    createGroup("g");
    String first = giveUp("x");
    giveUp("y", "not retryable", new IllegalArgumentException("bad\u001b[2J"));
    assertThat(run("dead", "list", "jobs", "g")).isEqualTo(Exit.DONE);
    assertThat(lines()).hasSize(3);
    assertThat(lines().get(1))
        .startsWith(first)
        .contains("2026-01-02T03:04:05Z", "deliveries spent", "IllegalStateException");
    for (String[] filter :
        new String[][] {
          {"--exception", "Argument"}, {"--reason", "retryable"}, {"--reason", "bad"}
        }) {
      assertThat(run("dead", "list", "jobs", "g", "--json", filter[0], filter[1])).isZero();
      assertThat(lines()).hasSize(1);
      assertThat(out).contains("not retryable");
    }
    assertThat(run("dead", "list", "jobs", "g", "--json", "--since", "2026-01-02T03:04:06Z"))
        .isZero();
    assertThat(lines()).isEmpty();
    assertThat(run("dead", "list", "jobs", "g", "--json", "--until", "2026-01-02T03:04:06Z"))
        .isZero();
    assertThat(lines()).hasSize(2);
    assertThat(run("dead", "list", "jobs", "g", "--json", "--id", first)).isZero();
    assertThat(lines()).hasSize(1);
  }

  @Test
  void deadShowTellsAllThatIsInOneAndLetsNothingMoveTheCursor() {
    createGroup("g");
    String id = giveUp("x\u001b[2J", "not retryable", new IllegalStateException("no \r"));
    assertThat(run("dead", "show", "jobs", "g", id)).isEqualTo(Exit.DONE);
    assertThat(lines())
        .contains(
            "id           " + id,
            "deliveries   5",
            "exception    java.lang.IllegalStateException",
            "text         no \\u000d",
            "> payload    x\\u001b[2J");
    assertThat(run("dead", "show", "jobs", "g", id, "--json")).isEqualTo(Exit.DONE);
    assertThat(lines()).hasSize(1);
    assertThat(out).contains("\"fields\":[[\"payload\",\"x\\u001B[2J\"]]");
    assertThat(run("dead", "show", "jobs", "g", "1-1")).isEqualTo(Exit.NOT_FOUND);
    assertThat(err).isEqualTo("no dead letter 1-1\n");
  }

  @Test
  void deadRedriveTellsFirstAndThenDoes() {
    createGroup("g");
    giveUp("x");
    String second = giveUp("y");
    assertThat(run("dead", "redrive", "jobs", "g")).isEqualTo(2);
    assertThat(run("dead", "redrive", "jobs", "g", "--all", "--dry-run")).isEqualTo(Exit.DONE);
    assertThat(lines()).containsExactly("would redrive 2", "  in place   2");
    assertThat(run("dead", "redrive", "jobs", "g", "--id", second, "--json")).isZero();
    assertThat(out).contains("\"dryRun\":false,\"done\":1,\"IN_PLACE\":1,\"ADDED\":0");
    assertThat(run("dead", "redrive", "jobs", "g", "--id", second)).isEqualTo(Exit.NOT_FOUND);
    assertThat(
            run(
                "dead",
                "redrive",
                "jobs",
                "g",
                "--exception",
                "State",
                "--rate",
                "100",
                "--at-most",
                "5",
                "--progress"))
        .isEqualTo(Exit.DONE);
    assertThat(lines()).containsExactly("redrove 1", "  in place   1");
    assertThat(err).contains("[##############################] 1/1 redriven");
    assertThat(run("pending", "jobs", "g", "--json", "--consumer", "millstream.released")).isZero();
    assertThat(lines()).hasSize(2);
  }

  @Test
  void deadRedriveThatLeavesSomethingSaysSo() {
    createGroup("g");
    millstream
        .engine()
        .streams()
        .add(JOBS.deadLetterKey("g"), Fields.of("payload", "of nobody"))
        .block();
    assertThat(run("dead", "redrive", "jobs", "g", "--all")).isEqualTo(Exit.PARTLY);
    assertThat(lines()).containsExactly("redrove 0", "  foreign    1");
  }

  @Test
  void deadDeleteWantsToBeToldWhich() {
    createGroup("g");
    String first = giveUp("x");
    giveUp("y");
    giveUp("z");
    assertThat(run("dead", "delete", "jobs", "g")).isEqualTo(2);
    assertThat(run("dead", "delete", "jobs", "g", "--all")).isEqualTo(2);
    assertThat(err).contains("--yes");
    assertThat(run("dead", "delete", "jobs", "g", "--id", first)).isZero();
    assertThat(lines()).containsExactly("deleted 1");
    assertThat(run("dead", "delete", "jobs", "g", "--id", first)).isEqualTo(Exit.NOT_FOUND);
    assertThat(run("dead", "delete", "jobs", "g", "--exception", "Nothing", "--yes")).isZero();
    assertThat(lines()).containsExactly("deleted 0");
    assertThat(run("dead", "delete", "jobs", "g", "--all", "--yes", "--json")).isZero();
    assertThat(lines()).containsExactly("{\"deleted\":2}");
  }

  @Test
  void trimKeepsWhatAGroupNeedsAndSaysWhoHoldsItBack() {
    createGroup("g");
    createGroup("slow");
    for (int i = 0; i < 10; i++) {
      publish("job-" + i);
    }
    acknowledge("g", read("g", "c", 10));
    acknowledge("slow", read("slow", "c", 5));
    assertThat(run("trim", "jobs")).isEqualTo(2);
    assertThat(run("trim", "jobs", "--length", "1", "--age", "1d")).isEqualTo(2);
    assertThat(run("trim", "jobs", "--age", "1d")).isEqualTo(Exit.DONE);
    assertThat(lines()).containsExactly("removed 0, left 10");
    assertThat(run("trim", "jobs", "--length", "2", "--progress")).isEqualTo(Exit.PARTLY);
    assertThat(lines()).containsExactly("removed 5, left 5", "held back by group slow");
    assertThat(err).contains("] 5/10 removed");
    assertThat(run("trim", "jobs", "--length", "2", "--ignore", "slow", "--json"))
        .isEqualTo(Exit.DONE);
    assertThat(lines()).containsExactly("{\"removed\":3,\"left\":2,\"heldBackBy\":null}");
  }

  @Test
  void trimOfDeadLettersKeepsTheNewest() {
    createGroup("g");
    giveUp("x");
    String second = giveUp("y");
    assertThat(run("trim", "jobs", "--length", "1", "--dead-letters-of", "g")).isZero();
    assertThat(lines()).containsExactly("removed 1, left 1");
    assertThat(run("dead", "list", "jobs", "g")).isZero();
    assertThat(lines().get(1)).startsWith(second);
  }

  @Test
  void tailShowsTheLastEntriesAndFollows() {
    for (int i = 0; i < 12; i++) {
      publish("job-" + i);
    }
    assertThat(run("tail", "jobs")).isZero();
    assertThat(lines()).hasSize(10);
    assertThat(lines().get(9).replaceFirst(FIRST_WORD, "ID")).isEqualTo("ID payload=job-11");
    assertThat(run("tail", "jobs", "-n", "1", "--json")).isZero();
    assertThat(out).contains("\"fields\":[[\"payload\",\"job-11\"]]");
    publish("last");
    assertThat(run("tail", "jobs", "-f", "-n", "5", "--stop-after", "5")).isZero();
    assertThat(lines()).hasSize(5);
  }

  @Test
  void serverThatFailsIsToldInOneLine() {
    server
        .faults()
        .failNext("XINFO GROUPS", 1, RedisException.of("LOADING Redis is loading the dataset"));
    assertThat(run("groups", "jobs")).isEqualTo(Exit.REFUSED);
    assertThat(err).isEqualTo("millstreamctl: LOADING Redis is loading the dataset\n");
    assertThat(out).isEmpty();
  }

  @Test
  void serverThatIsNotThereIsToldWithoutThePassword() {
    StringWriter complained = new StringWriter();
    int status =
        Millstreamctl.create(
                Millstream::connect,
                new PrintWriter(new StringWriter()),
                new PrintWriter(complained))
            .execute("groups", "jobs", "--redis", "redis://:secret@localhost:1");
    assertThat(status).isEqualTo(Exit.REFUSED);
    assertThat(complained.toString()).startsWith("millstreamctl: ").doesNotContain("secret");
  }

  @Test
  void whatIsWrongWithTheCommandLineIsSaid() {
    assertThat(run("pending", "jobs", "g", "--idle", "soon")).isEqualTo(2);
    assertThat(err).contains("'soon' is no duration such as 90s, 15m, 2h or 7d");
    assertThat(run("nonsense")).isEqualTo(2);
    assertThat(run("--help")).isZero();
    assertThat(out).contains("groups", "consumers", "pending", "dead", "trim", "tail", "Exit");
  }
}
