package io.millstream.worker;

import java.util.EnumSet;
import java.util.Set;

/** Where in its life with this worker an entry is. */
enum Phase {
  /** Taken over or found under our name; its delivery is not yet counted. No payload. */
  CLAIMED,
  /** Its delivery is being counted. */
  REDELIVERING,
  /** Counted, waits for a free handler. */
  READY,
  /** Its handler was started and has not really ended. */
  RUNNING,
  /** Failed; waits for its backoff to end, or then for a free handler. No payload. */
  WAITING,
  /** Its handler has ended (or never runs), and Redis has not yet confirmed what became of it. */
  SETTLING,
  /** Its release was sent and not yet answered: it is never started. */
  RELEASING;

  private static final Set<Phase> GIVEN_BACK = EnumSet.of(RELEASING);

  /** Whether the next phase may follow this one. */
  boolean leadsTo(Phase next) {
    return switch (this) {
      case CLAIMED -> EnumSet.of(REDELIVERING, SETTLING, RELEASING).contains(next);
      // back to where it came from if Redis could not be asked
      case REDELIVERING -> EnumSet.of(READY, CLAIMED, WAITING, RELEASING).contains(next);
      case READY -> EnumSet.of(RUNNING, SETTLING, RELEASING).contains(next);
      case RUNNING -> EnumSet.of(WAITING, SETTLING, RELEASING).contains(next);
      case WAITING -> EnumSet.of(REDELIVERING, SETTLING, RELEASING).contains(next);
      case SETTLING -> GIVEN_BACK.contains(next);
      // deleted while it waited for its retry: a dead letter tells of it
      case RELEASING -> next == SETTLING;
    };
  }

  /**
   * Whether a step of ours that may change the row is under way, so that an answer to a renewal
   * says nothing.
   */
  boolean stepUnderWay() {
    return this == REDELIVERING || this == SETTLING || this == RELEASING;
  }
}
