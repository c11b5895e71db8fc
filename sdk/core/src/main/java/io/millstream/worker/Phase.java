package io.millstream.worker;

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

  /** Whether the next phase may follow this one. */
  boolean leadsTo(Phase next) {
    return switch (next) {
      case CLAIMED -> this == REDELIVERING; // Redis could not be asked
      case REDELIVERING -> this == CLAIMED || this == WAITING;
      case READY -> this == REDELIVERING;
      case RUNNING -> this == READY;
      case WAITING -> this == RUNNING || this == REDELIVERING;
      // from RELEASING: deleted while it waited for its retry, a dead letter tells of it
      case SETTLING -> this != REDELIVERING && this != SETTLING;
      case RELEASING -> this != RELEASING;
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
