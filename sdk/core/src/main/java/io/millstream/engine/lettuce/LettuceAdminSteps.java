package io.millstream.engine.lettuce;

import io.millstream.engine.AdminSteps;
import io.millstream.engine.AtomicSteps;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** What an operator asks for, one Lua script each. */
final class LettuceAdminSteps implements AdminSteps {
  static final Script REDRIVE = Script.load("common.lua", "ids.lua", "redrive.lua");
  static final Script SAFE_TRIM = Script.load("common.lua", "ids.lua", "safe-trim.lua");
  static final Script REMOVE_IDLE_CONSUMER = Script.load("common.lua", "remove-idle-consumer.lua");

  /** What every visibility timeout is at most: any worker may claim it at once. */
  private static final Duration AT_ONCE = Duration.ofHours(24);

  private final Sender sender;

  LettuceAdminSteps(Sender sender) {
    this.sender = sender;
  }

  @Override
  public Mono<List<Redriven>> redrive(Redrive redrive) {
    if (redrive.letters().isEmpty()) {
      return Mono.just(List.of());
    }
    Names names = redrive.names();
    return REDRIVE.run(
        sender,
        List.of(redrive.stream(), redrive.source()),
        args ->
            args.word(redrive.group())
                .word(AtomicSteps.RELEASED)
                .millis(AT_ONCE)
                .number(redrive.dryRun() ? 1 : 0)
                .word(names.stream())
                .word(names.id())
                .word(names.group())
                .word(names.markId())
                .word(names.markGroup())
                .ids(redrive.letters()),
        LettuceAdminSteps::redriven);
  }

  private static List<Redriven> redriven(Object tree) {
    Stream<@Nullable Object> words = Decode.list(tree).stream();
    return words.map(word -> Redriven.valueOf(Decode.text(word))).toList();
  }

  @Override
  public Mono<Trimmed> trim(SafeTrim trim) {
    return SAFE_TRIM.run(
        sender,
        List.of(trim.stream()),
        args -> {
          Long length = trim.maxLength();
          Duration age = trim.maxAge();
          args.word(length == null ? "" : length.toString());
          args.word(age == null ? "" : Long.toString(age.toMillis()));
          args.number(trim.most()).number(trim.withoutGroups() ? 1 : 0);
          trim.ignored().forEach(args::word);
        },
        LettuceAdminSteps::trimmed);
  }

  private static Trimmed trimmed(Object tree) {
    List<@Nullable Object> reply = Decode.list(tree);
    String holder = Decode.text(reply.get(3));
    return new Trimmed(
        Decode.number(reply.get(0)),
        Decode.number(reply.get(1)),
        Decode.flag(reply.get(2)),
        holder.isEmpty() ? null : holder);
  }

  @Override
  public Mono<Boolean> removeIdleConsumer(
      String stream, String group, String consumer, Duration minIdle) {
    return REMOVE_IDLE_CONSUMER.run(
        sender,
        List.of(stream),
        args -> args.word(group).word(consumer).millis(minIdle),
        Decode::flag);
  }
}
