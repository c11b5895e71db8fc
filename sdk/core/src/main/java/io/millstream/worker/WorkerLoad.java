package io.millstream.worker;

/**
 * What a worker holds at a moment.
 *
 * @param running messages whose handler runs
 * @param ready messages that wait for a free handler
 * @param waiting messages that wait for their retry
 * @param settling messages whose handler has ended and whose end Redis has not yet confirmed
 * @since 0.1
 */
public record WorkerLoad(int running, int ready, int waiting, int settling) {
  static final WorkerLoad NONE = new WorkerLoad(0, 0, 0, 0);

  /** Everything together. */
  public int held() {
    return running + ready + waiting + settling;
  }
}
