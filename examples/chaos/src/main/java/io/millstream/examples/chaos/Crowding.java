package io.millstream.examples.chaos;

import io.millstream.examples.chaos.Line.Event;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** Looks for workers that ran more handlers at once than they may. */
final class Crowding {
  private Crowding() {}

  /**
   * Goes through the ledgers.
   *
   * @param broken is told of each worker that did
   */
  static void examine(List<Line> lines, Consumer<String> broken) {
    Map<String, Integer> most = new LinkedHashMap<>();
    Map<String, Set<String>> running = new LinkedHashMap<>();
    for (Line line : lines) {
      Set<String> now = running.computeIfAbsent(line.process(), process -> new HashSet<>());
      if (line.event() == Event.START) {
        now.add(line.word(0) + " " + line.delivery());
        most.merge(line.process(), now.size(), Math::max);
      } else if (line.event() == Event.END) {
        now.remove(line.word(0) + " " + line.delivery());
      }
    }
    most.forEach(
        (process, count) -> {
          int allowed = Processes.handling(Processes.worker(process)).most();
          if (count > allowed) {
            broken.accept(process + " ran " + count + " handlers at once, allowed: " + allowed);
          }
        });
  }
}
