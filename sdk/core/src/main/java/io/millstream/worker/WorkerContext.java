package io.millstream.worker;

import io.millstream.engine.AtomicSteps;
import io.millstream.engine.Engine;
import io.millstream.engine.GroupCommands;
import io.millstream.observe.WorkerObserver;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * What every duty of a worker shares: who it is, what it was told, what it holds, and the one
 * thread and clock.
 *
 * @param engine Redis
 * @param address which keys and names are its own
 * @param settings what it was told
 * @param loop its thread
 * @param inFlight what it holds
 * @param attempts what is wrong, and is tried again
 * @param observer who listens
 * @param random for jitter
 */
record WorkerContext(
    Engine engine,
    Address address,
    WorkerSettings settings,
    Loop loop,
    InFlight inFlight,
    Attempts attempts,
    WorkerObserver observer,
    RandomGenerator random) {

  /**
   * Which keys and names are a worker's.
   *
   * @param stream the key of the stream
   * @param consumer its name in the group
   * @param deadLetters the key of the group's dead letters
   * @param nudges the channel of the group's nudges
   */
  record Address(String stream, String consumer, String deadLetters, String nudges) {}

  String stream() {
    return address.stream();
  }

  String consumer() {
    return address.consumer();
  }

  String deadLetters() {
    return address.deadLetters();
  }

  String group() {
    return settings.group();
  }

  GroupCommands groups() {
    return engine.groups();
  }

  AtomicSteps steps() {
    return engine.steps();
  }

  /**
   * Whether its lease still holds, as far as our clock can tell: nobody else can have taken it over
   * meanwhile.
   */
  boolean leased(Held held) {
    return loop.nanos() - held.leasedNanos < settings.times().visibilityTimeout().toNanos();
  }

  /** A duration with a tenth of jitter, so that a fleet does not march in step. */
  Duration jittered(Duration duration) {
    long nanos = duration.toNanos();
    return Duration.ofNanos(nanos - nanos / 20 + random.nextLong(nanos / 10 + 1));
  }

  /** For log lines. */
  String name() {
    return stream() + "/" + group() + "/" + consumer();
  }
}
