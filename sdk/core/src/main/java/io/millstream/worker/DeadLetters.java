package io.millstream.worker;

import io.millstream.codec.DeadLetterStory;
import io.millstream.engine.AtomicSteps;
import io.millstream.entry.Fields;
import io.millstream.worker.Trouble.Duty;
import org.jspecify.annotations.Nullable;

/**
 * Gives up messages: writes the dead letter with its story, and acknowledges, in one atomic step.
 */
final class DeadLetters {
  private final WorkerContext worker;
  private final Runnable freed;
  private final Backoff backoff;

  DeadLetters(WorkerContext worker, Runnable freed) {
    this.worker = worker;
    this.freed = freed;
    this.backoff = worker.backoff();
  }

  void add(Held held, String reason, @Nullable Throwable cause) {
    Fields story =
        new DeadLetterStory(
                worker.stream(),
                held.id,
                worker.group(),
                worker.consumer(),
                held.count,
                worker.loop().instant(),
                reason,
                cause)
            .fields();
    worker.inFlight().move(held, Phase.SETTLING);
    send(
        held,
        new AtomicSteps.DeadLetter(
            worker.stream(),
            worker.group(),
            worker.consumer(),
            new AtomicSteps.Held(held.id, held.count),
            worker.deadLetters(),
            held.fields,
            DeadLetterStory.ID,
            story));
  }

  private void send(Held held, AtomicSteps.DeadLetter letter) {
    worker
        .loop()
        .ask(
            worker.steps().deadLetter(letter),
            answer -> {
              worker.succeeded(Duty.DEAD_LETTER, backoff);
              worker.inFlight().remove(held);
              if (answer != AtomicSteps.Answer.NOT_OURS) {
                worker.observer().deadLettered();
              }
              freed.run();
            },
            error -> worker.tryAgain(Duty.DEAD_LETTER, error, backoff, () -> send(held, letter)));
  }
}
