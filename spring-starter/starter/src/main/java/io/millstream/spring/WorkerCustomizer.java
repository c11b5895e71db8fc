package io.millstream.spring;

import io.millstream.worker.WorkerBuilder;

/**
 * Changes how listeners work. Beans of this type are asked in their order, after the annotation and
 * the properties, each time a worker is built.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface WorkerCustomizer {
  /**
   * Changes one worker. Not for its handler.
   *
   * @param id the listener's id
   */
  void customize(String id, WorkerBuilder<?> builder);
}
