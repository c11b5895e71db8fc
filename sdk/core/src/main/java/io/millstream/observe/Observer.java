package io.millstream.observe;

import org.jspecify.annotations.Nullable;

/**
 * Where workers and publishers tell what they do, for meters and traces. Ask once for each worker
 * and each publisher; what comes back is called from the loop.
 *
 * <p>All of it is called from many threads, on the engine's threads too: it must be cheap, must not
 * block and must not throw.
 *
 * @since 0.1
 */
public interface Observer {
  /** Nobody listens. */
  Observer NONE =
      new Observer() {
        @Override
        public WorkerObserver worker(String stream, String group, WorkerGauges gauges) {
          return WorkerObserver.NONE;
        }

        @Override
        public PublisherObserver publisher(String stream) {
          return PublisherObserver.NONE;
        }
      };

  /**
   * A worker starts.
   *
   * @param stream the stream that it reads
   * @param group its group
   * @param gauges what can be asked of it until {@link WorkerObserver#stopped()}
   */
  WorkerObserver worker(String stream, String group, WorkerGauges gauges);

  /** A publisher for a stream was made. */
  PublisherObserver publisher(String stream);

  /**
   * Who wants to know how groups stand. Asked once. Default: nobody (null), and then nothing is
   * asked of Redis.
   */
  default @Nullable GroupObserver groups() {
    return null;
  }
}
