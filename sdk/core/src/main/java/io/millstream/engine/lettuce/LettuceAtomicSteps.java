package io.millstream.engine.lettuce;

import io.millstream.engine.AtomicSteps;
import io.millstream.entry.Entry;
import io.millstream.entry.EntryId;
import io.millstream.entry.Fields;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** The atomic steps, one Lua script each. */
final class LettuceAtomicSteps implements AtomicSteps {
  static final Script REDELIVER = Script.load("common.lua", "redeliver.lua");
  static final Script RENEW = Script.load("common.lua", "renew.lua");
  static final Script DEAD_LETTER = Script.load("common.lua", "dead-letter.lua");
  static final Script RELEASE = Script.load("common.lua", "release.lua");
  static final Script REMOVE_CONSUMER = Script.load("common.lua", "remove-consumer.lua");
  static final Script TAKE_OVER = Script.load("common.lua", "take-over.lua");
  static final Script DELETE_SETTLED = Script.load("common.lua", "ids.lua", "delete-settled.lua");
  static final Script TAKE_RELEASED = Script.load("common.lua", "take-released.lua");

  private final Sender sender;

  LettuceAtomicSteps(Sender sender) {
    this.sender = sender;
  }

  @Override
  public Mono<List<Redelivered>> redeliver(
      String stream, String group, String consumer, long count, List<EntryId> ids) {
    checkSize(ids);
    if (ids.isEmpty()) {
      return Mono.just(List.of());
    }
    return REDELIVER.run(
        sender,
        List.of(stream),
        args ->
            args.word(group)
                .word(consumer)
                .id(Collections.min(ids))
                .id(Collections.max(ids))
                .number(count)
                .number(count + 1)
                .ids(ids),
        tree -> redelivered(ids, Decode.list(tree)));
  }

  private static List<Redelivered> redelivered(List<EntryId> ids, List<@Nullable Object> reply) {
    List<Redelivered> results = new ArrayList<>(ids.size());
    for (int i = 0; i < ids.size(); i++) {
      Answer answer = answer(reply.get(2 * i));
      Entry entry =
          answer == Answer.DONE ? new Entry(ids.get(i), Decode.fields(reply.get(2 * i + 1))) : null;
      results.add(new Redelivered(ids.get(i), answer, entry));
    }
    return List.copyOf(results);
  }

  @Override
  public Mono<List<Answer>> renew(String stream, String group, String consumer, List<Held> held) {
    checkSize(held);
    if (held.isEmpty()) {
      return Mono.just(List.of());
    }
    return RENEW.run(
        sender,
        List.of(stream),
        args -> {
          args.word(group).word(consumer);
          args.id(Collections.min(ids(held))).id(Collections.max(ids(held)));
          held.forEach(h -> args.id(h.id()).number(h.count()));
        },
        LettuceAtomicSteps::answers);
  }

  private static List<EntryId> ids(List<Held> held) {
    return held.stream().map(Held::id).toList();
  }

  @Override
  public Mono<Answer> deadLetter(DeadLetter letter) {
    Fields original = letter.original();
    Fields known = original == null ? letter.story() : original.plus(letter.story());
    return DEAD_LETTER.run(
        sender,
        List.of(letter.stream(), letter.target()),
        args ->
            args.word(letter.group())
                .word(letter.consumer())
                .id(letter.held().id())
                .number(letter.held().count())
                .word(letter.idField())
                .number(original == null ? 0 : 1)
                .fields(known),
        LettuceAtomicSteps::answer);
  }

  @Override
  public Mono<Deleted> acknowledgeAndDelete(String stream, String group, List<EntryId> ids) {
    return delete(stream, group, true, ids);
  }

  @Override
  public Mono<Deleted> deleteSettled(String stream, List<EntryId> ids) {
    return delete(stream, "", false, ids);
  }

  private Mono<Deleted> delete(
      String stream, String group, boolean acknowledge, List<EntryId> ids) {
    checkSize(ids);
    if (ids.isEmpty()) {
      return Mono.just(new Deleted(0, 0));
    }
    return DELETE_SETTLED.run(
        sender,
        List.of(stream),
        args ->
            args.word(group)
                .number(acknowledge ? 1 : 0)
                .id(Collections.min(ids))
                .id(Collections.max(ids))
                .ids(ids),
        tree -> {
          List<@Nullable Object> reply = Decode.list(tree);
          return new Deleted(Decode.number(reply.get(0)), Decode.number(reply.get(1)));
        });
  }

  @Override
  public Mono<List<Answer>> release(
      String stream, String group, String consumer, List<Release> releases) {
    checkSize(releases);
    if (releases.isEmpty()) {
      return Mono.just(List.of());
    }
    return RELEASE.run(
        sender,
        List.of(stream),
        args -> {
          args.word(group).word(consumer).word(RELEASED);
          releases.forEach(
              r -> args.id(r.id()).number(r.count()).number(r.newCount()).millis(r.idle()));
        },
        LettuceAtomicSteps::answers);
  }

  @Override
  public Mono<Boolean> removeConsumer(String stream, String group, String consumer) {
    return REMOVE_CONSUMER.run(
        sender, List.of(stream), args -> args.word(group).word(consumer), Decode::flag);
  }

  @Override
  public Mono<TakenOver> takeOver(
      String stream,
      String group,
      String consumer,
      Duration minIdle,
      EntryId cursor,
      int count,
      Instant notAfter) {
    checkCount(count);
    return TAKE_OVER.run(
        sender,
        List.of(stream),
        args ->
            args.word(group)
                .word(consumer)
                .millis(minIdle)
                .id(cursor)
                .number(count)
                .number(notAfter.getEpochSecond())
                .number(notAfter.getNano() / 1_000),
        LettuceAtomicSteps::takenOver);
  }

  private static TakenOver takenOver(Object tree) {
    List<@Nullable Object> reply = Decode.list(tree);
    Instant time =
        Instant.ofEpochSecond(
            Decode.number(reply.get(1)),
            TimeUnit.MICROSECONDS.toNanos(Decode.number(reply.get(2))));
    return new TakenOver(Decode.id(reply.get(0)), held(reply, 4), time, Decode.flag(reply.get(3)));
  }

  @Override
  public Mono<List<Held>> takeReleased(
      String stream, String group, String consumer, Duration minIdle, int count) {
    checkCount(count);
    return TAKE_RELEASED.run(
        sender,
        List.of(stream),
        args -> args.word(group).word(consumer).word(RELEASED).millis(minIdle).number(count),
        tree -> held(Decode.list(tree), 0));
  }

  /** Pairs of id and count. */
  private static List<Held> held(List<@Nullable Object> reply, int from) {
    List<Held> held = new ArrayList<>((reply.size() - from) / 2);
    for (int i = from; i < reply.size(); i += 2) {
      held.add(new Held(Decode.id(reply.get(i)), Decode.number(reply.get(i + 1))));
    }
    return List.copyOf(held);
  }

  private static List<Answer> answers(Object tree) {
    Stream<@Nullable Object> answers = Decode.list(tree).stream();
    return answers.map((Function<@Nullable Object, Answer>) LettuceAtomicSteps::answer).toList();
  }

  private static Answer answer(@Nullable Object tree) {
    long code = Decode.number(tree);
    if (code == 1) {
      return Answer.DONE;
    }
    return code == 0 ? Answer.NOT_OURS : Answer.GONE;
  }

  private static void checkSize(List<?> ids) {
    if (ids.size() > MAX_IDS) {
      throw new IllegalArgumentException(
          "ids: " + ids.size() + " in one step, expected at most " + MAX_IDS);
    }
  }

  private static void checkCount(int count) {
    if (count < 1 || count > MAX_IDS) {
      throw new IllegalArgumentException("count: " + count + ", expected 1 to " + MAX_IDS);
    }
  }
}
