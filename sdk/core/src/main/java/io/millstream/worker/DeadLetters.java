package io.millstream.worker;

import io.millstream.codec.DeadLetterStory;
import io.millstream.engine.AtomicSteps;
import io.millstream.entry.Fields;
import io.millstream.worker.Trouble.Duty;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Gives up messages: writes the dead letter with its story, and acknowledges, in one atomic step.
 */
final class DeadLetters {
  private final WorkerContext worker;
  private final Adoption adoption;
  private final Runnable freed;

  DeadLetters(WorkerContext worker, Adoption adoption, Runnable freed) {
    this.worker = worker;
    this.adoption = adoption;
    this.freed = freed;
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
            .fields(worker.settings().leaves().exceptionText()::of);
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
            story),
        false);
  }

  /**
   * Asks, until it is answered.
   *
   * @param perhapsDone whether an earlier try may have taken effect, its reply lost: then "not
   *     ours" may be our own doing
   */
  private void send(Held held, AtomicSteps.DeadLetter letter, boolean perhapsDone) {
    worker
        .loop()
        .ask(
            worker.steps().deadLetter(letter).flatMap(answer -> free(held, answer)),
            answer -> {
              worker.attempts().succeeded(Duty.DEAD_LETTER);
              if (answer == AtomicSteps.Answer.NOT_OURS && !perhapsDone && worker.leased(held)) {
                adoption.adopt(
                    List.of(held), back -> send(back, letter, true), lost -> end(lost, answer));
              } else {
                end(held, answer);
              }
            },
            error -> {
              if (worker.attempts().nothingLeft(error)) {
                end(held, AtomicSteps.Answer.NOT_OURS);
              } else {
                worker
                    .attempts()
                    .failed(
                        Duty.DEAD_LETTER,
                        error,
                        () -> send(held, letter, perhapsDone || error.outcomeUnknown()));
              }
            });
  }

  /**
   * With deleteOnAck the entry goes too. A failure is no reason to ask for the dead letter again:
   * then the entry stays until it is trimmed.
   */
  private Mono<AtomicSteps.Answer> free(Held held, AtomicSteps.Answer answer) {
    if (!worker.settings().leaves().deleteOnAck() || answer != AtomicSteps.Answer.DONE) {
      return Mono.just(answer);
    }
    return worker
        .steps()
        .deleteSettled(worker.stream(), List.of(held.id))
        .thenReturn(answer)
        .onErrorReturn(answer);
  }

  private void end(Held held, AtomicSteps.Answer answer) {
    worker.inFlight().remove(held);
    if (answer != AtomicSteps.Answer.NOT_OURS) {
      worker.observer().deadLettered();
    }
    freed.run();
  }
}
