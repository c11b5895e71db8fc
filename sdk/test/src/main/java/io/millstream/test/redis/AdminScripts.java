package io.millstream.test.redis;

import io.millstream.engine.AdminSteps;
import io.millstream.engine.AdminSteps.Names;
import io.millstream.engine.AdminSteps.Redrive;
import io.millstream.engine.AdminSteps.Redriven;
import io.millstream.engine.AdminSteps.SafeTrim;
import io.millstream.engine.AdminSteps.Trimmed;
import java.util.List;

/** Does what an operator's script does; arguments and replies are those at the script's head. */
final class AdminScripts {
  private final AdminSteps steps;

  AdminScripts(AdminSteps steps) {
    this.steps = steps;
  }

  Reply redrive(StepCall call) {
    Names names = new Names(call.text(5), call.text(6), call.text(7), call.text(8), call.text(9));
    List<Redriven> all =
        Now.some(
            steps.redrive(
                new Redrive(
                    call.key(1),
                    call.text(1),
                    call.key(2),
                    names,
                    call.each(10, 1, call::id),
                    call.number(4) == 1)));
    return Reply.bulks(all.stream().map(Redriven::name).toList());
  }

  Reply trim(StepCall call) {
    Trimmed trimmed =
        Now.some(
            steps.trim(
                new SafeTrim(
                    call.key(1),
                    call.text(1).isEmpty() ? null : call.number(1),
                    call.text(2).isEmpty() ? null : call.millis(2),
                    call.each(5, 1, call::text),
                    call.number(4) == 1,
                    (int) call.number(3))));
    String holder = trimmed.heldBackBy();
    return Reply.array(
        Reply.whole(trimmed.removed()),
        Reply.whole(trimmed.length()),
        Reply.flag(trimmed.more()),
        Reply.bulk(holder == null ? "" : holder));
  }

  Reply removeIdleConsumer(StepCall call) {
    return Reply.flag(
        Now.some(
            steps.removeIdleConsumer(call.key(1), call.text(1), call.text(2), call.millis(3))));
  }
}
