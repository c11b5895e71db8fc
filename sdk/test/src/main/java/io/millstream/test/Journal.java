package io.millstream.test;

import io.millstream.entry.EntryId;
import io.millstream.observe.Observer;
import io.millstream.observe.PublisherObserver;
import io.millstream.observe.WorkerGauges;
import io.millstream.observe.WorkerObserver;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Every start of a handler, as the workers tell, and which failures the test has looked at. */
final class Journal {
  private static final class Call {
    final EntryId id;
    final long number;
    final WorkerEyes eyes;
    final Instant at;
    @Nullable Throwable failure;
    boolean lookedAt;

    Call(EntryId id, long number, WorkerEyes eyes, Instant at) {
      this.id = id;
      this.number = number;
      this.eyes = eyes;
      this.at = at;
    }

    Delivery delivery() {
      return new Delivery(id, number, eyes.consumer, at, failure);
    }
  }

  private final Supplier<Instant> now;
  private final Map<Place, List<Call>> calls = new LinkedHashMap<>();

  Journal(Supplier<Instant> now) {
    this.now = now;
  }

  /** The groups that workers were built for. */
  Set<Place> places() {
    return calls.keySet();
  }

  List<Delivery> deliveries(Place place) {
    return select(place, call -> true);
  }

  List<Delivery> failuresNobodyLookedAt(Place place) {
    return select(place, call -> call.failure != null && !call.lookedAt);
  }

  private List<Delivery> select(Place place, Predicate<Call> wanted) {
    return calls.getOrDefault(place, List.of()).stream()
        .filter(wanted)
        .map(Call::delivery)
        .toList();
  }

  /** The test has seen what failed so far; of one message if there is an id. */
  void lookAt(Place place, @Nullable EntryId id) {
    for (Call call : calls.getOrDefault(place, List.of())) {
      call.lookedAt |= id == null || id.equals(call.id);
    }
  }

  WorkerEyes newWorker() {
    return new WorkerEyes();
  }

  /** What looks at one worker. Its name is told once it is built. */
  final class WorkerEyes implements Observer, WorkerObserver {
    private List<Call> seen = new ArrayList<>();
    private String consumer = "";

    void named(String name) {
      consumer = name;
    }

    @Override
    public WorkerObserver worker(String stream, String group, WorkerGauges gauges) {
      seen = calls.computeIfAbsent(new Place(stream, group), place -> new ArrayList<>());
      return this;
    }

    @Override
    public PublisherObserver publisher(String stream) {
      return PublisherObserver.NONE;
    }

    @Override
    public void started(EntryId id, long delivery) {
      seen.add(new Call(id, delivery, this, now.get()));
    }

    @Override
    public void failed(EntryId id, long delivery, Throwable failure) {
      for (int i = seen.size() - 1; i >= 0; i--) {
        Call call = seen.get(i);
        if (call.eyes == this && call.number == delivery && call.id.equals(id)) {
          call.failure = failure;
          return;
        }
      }
    }
  }
}
