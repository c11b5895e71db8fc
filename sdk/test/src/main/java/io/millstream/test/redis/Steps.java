package io.millstream.test.redis;

import io.millstream.engine.AtomicSteps;
import io.millstream.engine.AtomicSteps.Answer;
import io.millstream.engine.AtomicSteps.DeadLetter;
import io.millstream.engine.AtomicSteps.Deleted;
import io.millstream.engine.AtomicSteps.Held;
import io.millstream.engine.AtomicSteps.Redelivered;
import io.millstream.engine.AtomicSteps.Release;
import io.millstream.engine.AtomicSteps.TakenOver;
import io.millstream.engine.Engine;
import io.millstream.engine.lettuce.StepScript;
import io.millstream.entry.Entry;
import io.millstream.entry.EntryId;
import io.millstream.entry.Fields;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Does what a script does; arguments and replies are those at the script's head. */
final class Steps {
  private final AtomicSteps steps;
  private final AdminScripts admin;

  Steps(Engine engine) {
    this.steps = engine.steps();
    this.admin = new AdminScripts(engine.adminSteps());
  }

  Reply run(StepScript script, StepCall call) {
    return switch (script) {
      case REDELIVER -> redeliver(call);
      case RENEW -> renew(call);
      case DEAD_LETTER -> deadLetter(call);
      case RELEASE -> release(call);
      case REMOVE_CONSUMER ->
          Reply.flag(Now.some(steps.removeConsumer(call.key(1), call.text(1), call.text(2))));
      case TAKE_OVER -> takeOver(call);
      case TAKE_RELEASED -> takeReleased(call);
      case DELETE_SETTLED -> deleteSettled(call);
      case REDRIVE -> admin.redrive(call);
      case SAFE_TRIM -> admin.trim(call);
      case REMOVE_IDLE_CONSUMER -> admin.removeIdleConsumer(call);
    };
  }

  private Reply redeliver(StepCall call) {
    List<Redelivered> all =
        Now.some(
            steps.redeliver(
                call.key(1),
                call.text(1),
                call.text(2),
                call.number(5),
                call.each(7, 1, call::id)));
    List<Reply> replies = new ArrayList<>();
    for (Redelivered one : all) {
      Entry entry = one.entry();
      replies.add(answer(one.answer()));
      replies.add(entry == null ? Reply.NIL : Replies.fields(entry.fields()));
    }
    return new Reply.Array(replies);
  }

  private Reply renew(StepCall call) {
    List<Held> held = call.each(5, 2, i -> new Held(call.id(i), call.number(i + 1)));
    return answers(Now.some(steps.renew(call.key(1), call.text(1), call.text(2), held)));
  }

  private Reply deadLetter(StepCall call) {
    boolean withOriginal = call.number(6) == 1;
    Fields known = call.fields(7);
    return answer(
        Now.some(
            steps.deadLetter(
                new DeadLetter(
                    call.key(1),
                    call.text(1),
                    call.text(2),
                    new Held(call.id(3), call.number(4)),
                    call.key(2),
                    withOriginal ? Fields.EMPTY : null,
                    call.text(5),
                    known))));
  }

  private Reply deleteSettled(StepCall call) {
    List<EntryId> ids = call.each(5, 1, call::id);
    Deleted deleted =
        Now.some(
            call.number(2) == 1
                ? steps.acknowledgeAndDelete(call.key(1), call.text(1), ids)
                : steps.deleteSettled(call.key(1), ids));
    return Reply.array(Reply.whole(deleted.acknowledged()), Reply.whole(deleted.deleted()));
  }

  private Reply release(StepCall call) {
    List<Release> releases =
        call.each(
            4,
            4,
            i ->
                new Release(
                    call.id(i), call.number(i + 1), call.number(i + 2), call.millis(i + 3)));
    return answers(Now.some(steps.release(call.key(1), call.text(1), call.text(2), releases)));
  }

  private Reply takeOver(StepCall call) {
    Instant fence =
        Instant.ofEpochSecond(call.number(6), TimeUnit.MICROSECONDS.toNanos(call.number(7)));
    TakenOver taken =
        Now.some(
            steps.takeOver(
                call.key(1),
                call.text(1),
                call.text(2),
                call.millis(3),
                call.id(4),
                (int) call.number(5),
                fence));
    List<Reply> reply = new ArrayList<>();
    reply.add(Replies.id(taken.cursor()));
    reply.addAll(ServerCommands.time(taken.serverTime()));
    reply.add(Reply.flag(taken.refused()));
    addAll(reply, taken.taken());
    return new Reply.Array(reply);
  }

  private Reply takeReleased(StepCall call) {
    List<Reply> reply = new ArrayList<>();
    addAll(
        reply,
        Now.some(
            steps.takeReleased(
                call.key(1), call.text(1), call.text(2), call.millis(4), (int) call.number(5))));
    return new Reply.Array(reply);
  }

  private static void addAll(List<Reply> reply, List<Held> held) {
    for (Held one : held) {
      reply.add(Replies.id(one.id()));
      reply.add(Reply.whole(one.count()));
    }
  }

  private static Reply answers(List<Answer> answers) {
    return new Reply.Array(answers.stream().map(Steps::answer).toList());
  }

  private static Reply answer(Answer answer) {
    return Reply.whole(
        switch (answer) {
          case DONE -> 1;
          case NOT_OURS -> 0;
          case GONE -> -1;
        });
  }
}
