package io.millstream.examples.fuzz;

import java.util.ArrayList;
import java.util.List;

/** A sequence as a shell script that replays it with redis-cli. */
final class Script {
  private static final String END = "END";

  private final List<String> lines = new ArrayList<>();
  private boolean open; // whether commands for one connection are being gathered

  private Script() {}

  static List<String> of(List<Step> steps, int protocol) {
    return new Script().write(steps, protocol);
  }

  private List<String> write(List<Step> steps, int protocol) {
    lines.add("# bash; needs a server at port $PORT, on which it leaves no key alone");
    lines.add("c() { redis-cli -" + protocol + " -p \"${PORT:-6379}\" \"$@\"; }");
    lines.add("c FLUSHALL");
    for (Step step : steps) {
      if (step.connection() > 0) {
        close();
        lines.add("echo " + shell(Words.line(step.words())) + " | c & sleep 0.2");
      } else if (step.is("CLIENT")) {
        close();
        lines.add(
            "for id in $(c CLIENT LIST | sed -nE 's/^id=([0-9]+) .* flags=b.*/\\1/p'); do c CLIENT"
                + " UNBLOCK $id "
                + step.words().get(step.words().size() - 1)
                + "; done # reader "
                + step.words().get(2));
      } else {
        open();
        lines.add(Words.line(step.words()));
      }
    }
    close();
    if (steps.stream().anyMatch(step -> step.is("EVALSHA"))) {
      lines.add("# EVALSHA: SCRIPT LOAD common.lua and the script's own first");
    }
    return lines;
  }

  private static String shell(String line) {
    return "'" + line.replace("'", "'\\''") + "'";
  }

  private void open() {
    if (!open) {
      lines.add("c <<'" + END + "'");
      open = true;
    }
  }

  private void close() {
    if (open) {
      lines.add(END);
      open = false;
    }
  }
}
