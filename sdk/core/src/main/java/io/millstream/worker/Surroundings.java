package io.millstream.worker;

import io.millstream.entry.EntryId;
import io.millstream.message.Outcome;
import io.millstream.observe.Processing;
import io.millstream.observe.Processing.Result;
import io.millstream.observe.Scope;
import io.millstream.observe.WorkerObserver;
import io.millstream.worker.Settlement.Ending;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * What surrounds the call of a handler: the trace of its message, and, on threads that it may
 * block, the names in the MDC for what it logs.
 */
final class Surroundings {
  /** The MDC's keys. */
  static final String STREAM = "millstream.stream";

  static final String GROUP = "millstream.group";
  static final String CONSUMER = "millstream.consumer";
  static final String ID = "millstream.id";

  private final WorkerObserver observer;
  private final String stream;
  private final String group;
  private final String consumer;

  Surroundings(WorkerContext worker) {
    this.observer = worker.observer();
    this.stream = worker.stream();
    this.group = worker.group();
    this.consumer = worker.consumer();
  }

  /** A handler is about to be called. On the thread that calls it. */
  Processing processing(Delivery delivery) {
    return observer.processing(delivery);
  }

  /** It has ended. */
  static void ended(Processing processing, Ending ending) {
    if (processing == Processing.NONE) {
      return;
    }
    if (ending instanceof Ending.Said said) {
      said(processing, said.outcome());
    } else if (ending instanceof Ending.Failed failed) {
      processing.ended(Result.FAILURE, failed.failure());
    } else if (ending instanceof Ending.NotDecodable unreadable) {
      processing.ended(Result.FAILURE, unreadable.failure());
    } else {
      processing.ended(Result.CANCELLED, null);
    }
  }

  private static void said(Processing processing, Outcome outcome) {
    if (outcome instanceof Outcome.Retry retry) {
      processing.ended(Result.RETRY, retry.cause());
    } else if (outcome instanceof Outcome.DeadLetter dead) {
      processing.ended(Result.DEAD_LETTER, dead.cause());
    } else {
      processing.ended(Result.ACK, null);
    }
  }

  /** Calls a handler that may block, on this thread. */
  Ending around(Delivery delivery, Supplier<Ending> handler) {
    Processing processing = processing(delivery);
    Ending ending;
    Scope names = names(delivery.id());
    Scope trace = processing.open();
    try {
      ending = handler.get();
    } finally {
      trace.close();
      names.close();
    }
    ended(processing, ending);
    return ending;
  }

  /** Puts the names into the MDC. The thread may be the user's own, and have names of its own. */
  private Scope names(EntryId id) {
    Map<String, @Nullable String> before = new LinkedHashMap<>();
    put(before, STREAM, stream);
    put(before, GROUP, group);
    put(before, CONSUMER, consumer);
    put(before, ID, id.toString());
    return () ->
        before.forEach(
            (key, value) -> {
              if (value == null) {
                MDC.remove(key);
              } else {
                MDC.put(key, value);
              }
            });
  }

  private static void put(Map<String, @Nullable String> before, String key, String value) {
    before.put(key, MDC.get(key));
    MDC.put(key, value);
  }
}
