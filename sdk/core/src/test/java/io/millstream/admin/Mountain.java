package io.millstream.admin;

import static io.millstream.admin.Town.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.millstream.codec.DeadLetterStory;
import io.millstream.codec.MessageStream;
import io.millstream.engine.AddArgs;
import io.millstream.engine.AdminSteps.Redriven;
import io.millstream.engine.ClaimArgs;
import io.millstream.engine.CreateArgs;
import io.millstream.engine.Engine;
import io.millstream.engine.GroupInfo;
import io.millstream.engine.PendingArgs;
import io.millstream.engine.PendingEntry;
import io.millstream.entry.Entry;
import io.millstream.entry.EntryId;
import io.millstream.entry.Fields;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import reactor.core.publisher.Flux;

/**
 * Ten thousand dead letters of a group, of all kinds: a quarter has not been read by the group, and
 * of the rest a third each is pending, was deleted, or stands and is settled. Two other groups read
 * the stream; one of them is half through.
 */
final class Mountain {
  static final int LETTERS = 10_000;
  static final String GROUP = "g";

  private static final int READ = 7_500;
  private static final List<String> OTHERS = List.of("done", "half");

  /** The fate that each kind must have. */
  static final Map<Redriven, Long> FATES =
      Map.of(
          Redriven.UNREAD, (long) LETTERS - READ,
          Redriven.PENDING, READ / 3L,
          Redriven.ADDED, READ / 3L,
          Redriven.IN_PLACE, READ / 3L);

  final MessageStream<String> stream;
  private final Engine engine;
  private final List<GroupInfo> othersBefore;

  private Mountain(Engine engine, String key) {
    this.engine = engine;
    this.stream = MessageStream.string(key);
    pile();
    this.othersBefore = others();
  }

  static Mountain on(Engine engine, String key) {
    return new Mountain(engine, key);
  }

  private void pile() {
    String key = stream.name();
    String box = stream.deadLetterKey(GROUP);
    all(
        number -> {
          String id = number + "-0";
          Fields original = Fields.of("payload", "job-" + number);
          Fields story =
              new DeadLetterStory(
                      key, EntryId.parse(id), GROUP, "c", 5, Instant.EPOCH, "it failed", null)
                  .fields();
          return engine
              .streams()
              .add(key, original, AddArgs.id(id))
              .then(engine.streams().add(box, original.plus(story)));
        },
        IntStream.rangeClosed(1, LETTERS));
    get(
        Flux.concat(
                engine.groups().create(key, GROUP, CreateArgs.from(READ + "-0")),
                engine.groups().create(key, "done", CreateArgs.from("$")),
                engine.groups().create(key, "half", CreateArgs.from(LETTERS / 2 + "-0")))
            .then()
            .thenReturn(true));
    all(
        number -> {
          List<EntryId> id = List.of(new EntryId(number, 0));
          return number % 3 == 0
              ? engine.streams().delete(key, id)
              : engine
                  .groups()
                  .claimJustId(
                      key,
                      GROUP,
                      "alice",
                      Duration.ZERO,
                      id,
                      new ClaimArgs(null, null, 3L, true, null));
        },
        IntStream.rangeClosed(1, READ).filter(number -> number % 3 != 2));
  }

  private static void all(
      java.util.function.IntFunction<? extends org.reactivestreams.Publisher<?>> deed,
      IntStream numbers) {
    get(Flux.fromStream(numbers.boxed()).concatMap(deed::apply).then().thenReturn(true));
  }

  long lettersLeft() {
    return get(engine.streams().length(stream.deadLetterKey(GROUP)));
  }

  private List<GroupInfo> others() {
    return get(engine.groups().infoGroups(stream.name())).stream()
        .filter(group -> OTHERS.contains(group.name()))
        .map(
            group -> // what was added again is new to them, so their lag grows
            new GroupInfo(
                    group.name(),
                    group.consumers(),
                    group.pending(),
                    group.lastDeliveredId(),
                    group.entriesRead(),
                    null))
        .toList();
  }

  /** Exactly one copy of each message that the group will run, and others as they were. */
  void checkRedriven() {
    assertThat(lettersLeft()).isZero();
    assertThat(others()).isEqualTo(othersBefore);
    List<Entry> standing = get(engine.streams().range(stream.name(), "-", "+", null));
    Set<EntryId> pending =
        get(engine.groups().pending(stream.name(), GROUP, PendingArgs.all(LETTERS * 2L))).stream()
            .map(PendingEntry::id)
            .collect(Collectors.toSet());
    EntryId lastDelivered = new EntryId(READ, 0);
    List<String> runnable = new ArrayList<>();
    for (Entry entry : standing) {
      if (pending.remove(entry.id()) || entry.id().compareTo(lastDelivered) > 0) {
        runnable.add(entry.fields().text("payload"));
      }
    }
    assertThat(pending).as("rows without an entry").isEmpty();
    assertThat(runnable).hasSize(LETTERS);
    assertThat(new HashSet<>(runnable)).hasSize(LETTERS);
  }
}
