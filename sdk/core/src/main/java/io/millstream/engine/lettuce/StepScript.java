package io.millstream.engine.lettuce;

/**
 * The Lua scripts of the atomic steps, for a server that runs no Lua and does the steps itself: by
 * its digest it knows what is asked for. Keys, arguments and replies are described at the head of
 * each script.
 *
 * @since 0.1
 */
public enum StepScript {
  /** {@link io.millstream.engine.AtomicSteps#redeliver}. */
  REDELIVER(LettuceAtomicSteps.REDELIVER),
  /** {@link io.millstream.engine.AtomicSteps#renew}. */
  RENEW(LettuceAtomicSteps.RENEW),
  /** {@link io.millstream.engine.AtomicSteps#deadLetter}. */
  DEAD_LETTER(LettuceAtomicSteps.DEAD_LETTER),
  /** {@link io.millstream.engine.AtomicSteps#release}. */
  RELEASE(LettuceAtomicSteps.RELEASE),
  /** {@link io.millstream.engine.AtomicSteps#removeConsumer}. */
  REMOVE_CONSUMER(LettuceAtomicSteps.REMOVE_CONSUMER),
  /** {@link io.millstream.engine.AtomicSteps#takeOver}. */
  TAKE_OVER(LettuceAtomicSteps.TAKE_OVER),
  /** {@link io.millstream.engine.AtomicSteps#takeReleased}. */
  TAKE_RELEASED(LettuceAtomicSteps.TAKE_RELEASED),
  /**
   * {@link io.millstream.engine.AtomicSteps#acknowledgeAndDelete} and {@link
   * io.millstream.engine.AtomicSteps#deleteSettled}.
   */
  DELETE_SETTLED(LettuceAtomicSteps.DELETE_SETTLED),
  /** {@link io.millstream.engine.AdminSteps#redrive}. */
  REDRIVE(LettuceAdminSteps.REDRIVE),
  /** {@link io.millstream.engine.AdminSteps#trim}. */
  SAFE_TRIM(LettuceAdminSteps.SAFE_TRIM),
  /** {@link io.millstream.engine.AdminSteps#removeIdleConsumer}. */
  REMOVE_IDLE_CONSUMER(LettuceAdminSteps.REMOVE_IDLE_CONSUMER);

  private final String digest;

  StepScript(Script script) {
    this.digest = script.digest();
  }

  /** The script's SHA-1 in hexadecimal, in lower case, by which EVALSHA knows it. */
  public String digest() {
    return digest;
  }
}
