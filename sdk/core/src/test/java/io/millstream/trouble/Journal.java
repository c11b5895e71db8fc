package io.millstream.trouble;

import io.millstream.entry.EntryId;
import io.millstream.message.Message;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/** What handlers did, of all workers of a test together. From any thread. */
final class Journal {
  enum What {
    STARTED,
    DONE,
    FAILED,
    CANCELLED
  }

  /** Something that a handler did. */
  record Event(What what, String worker, EntryId id, String payload, long delivery, long nanos) {}

  private final List<Event> events = new CopyOnWriteArrayList<>();

  void note(What what, String worker, Message<String> message) {
    events.add(
        new Event(
            what, worker, message.id(), message.payload(), message.delivery(), System.nanoTime()));
  }

  List<Event> all(What what) {
    return events.stream().filter(event -> event.what == what).toList();
  }

  List<Event> of(EntryId id, What what) {
    return events.stream().filter(event -> event.id.equals(id) && event.what == what).toList();
  }

  int starts(EntryId id) {
    return of(id, What.STARTED).size();
  }

  boolean done(EntryId id) {
    return !of(id, What.DONE).isEmpty();
  }

  /** The delivery numbers that the handler saw, in the order of its starts, by entry. */
  Map<EntryId, List<Long>> deliveries() {
    return all(What.STARTED).stream()
        .collect(
            Collectors.groupingBy(
                Event::id, Collectors.mapping(Event::delivery, Collectors.toList())));
  }
}
