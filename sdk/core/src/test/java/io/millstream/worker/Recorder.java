package io.millstream.worker;

import io.millstream.message.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import reactor.core.publisher.Mono;

/** Handlers of tests: they remember what they were given and what was cancelled. */
final class Recorder {
  final List<Message<String>> handled = new ArrayList<>();
  final List<String> cancelled = new ArrayList<>();
  private final World world;

  Recorder(World world) {
    this.world = world;
  }

  /** Succeeds at once. */
  Mono<Void> record(Message<String> message) {
    handled.add(message);
    return Mono.empty();
  }

  /** Fails at once. */
  Mono<Void> fail(Message<String> message) {
    handled.add(message);
    return Mono.error(new IllegalStateException("this handler fails"));
  }

  /** Fails at the first delivery only. */
  Mono<Void> failFirst(Message<String> message) {
    return message.delivery() == 1 ? fail(message) : record(message);
  }

  /** Succeeds after a time. */
  Mono<Void> take(Message<String> message, Duration time) {
    handled.add(message);
    return Mono.delay(time, world.time).then().doOnCancel(() -> cancelled.add(message.payload()));
  }
}
