package io.millstream.worker;

import io.millstream.engine.AddArgs;
import io.millstream.engine.RedisException;
import io.millstream.entry.Fields;
import io.millstream.worker.Trouble.Duty;

/**
 * Finds out at the start whether dead letters could be written: a right that is missing for their
 * key alone would otherwise show only when the first message is given up, in the midst of the
 * night. Nothing is written: XADD of the id 0-0 is an error, but one that comes after the check of
 * rights. (What keeps every writer from writing, such as OOM, is no reason to wait here.)
 */
final class DeadLetterCheck {
  private static final AddArgs NEVER_ADDED = new AddArgs("0-0", true, null);

  private final WorkerContext worker;

  DeadLetterCheck(WorkerContext worker) {
    this.worker = worker;
  }

  /** Goes on when they could be written, however long that takes. */
  void pass(Runnable then) {
    worker
        .loop()
        .ask(
            worker
                .engine()
                .streams()
                .reverseRange(worker.deadLetters(), "+", "-", 1L)
                .then(
                    worker
                        .engine()
                        .streams()
                        .add(worker.deadLetters(), Fields.of("check", ""), NEVER_ADDED))
                .thenReturn(true),
            added -> passed(then),
            error -> {
              if (error.is("NOPERM") || error.is("WRONGTYPE") || error.outcomeUnknown()) {
                again(error, then);
              } else {
                passed(then);
              }
            });
  }

  private void again(RedisException error, Runnable then) {
    RedisException named =
        new RedisException(
            error.code(), error.getMessage() + " (dead letters: " + worker.deadLetters() + ")");
    worker.attempts().failed(Duty.BOOTSTRAP, named, () -> pass(then));
  }

  private void passed(Runnable then) {
    worker.attempts().succeeded(Duty.BOOTSTRAP);
    then.run();
  }
}
