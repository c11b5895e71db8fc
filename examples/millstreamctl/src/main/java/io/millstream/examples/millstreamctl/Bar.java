package io.millstream.examples.millstreamctl;

import java.io.PrintWriter;
import picocli.CommandLine;

/** A bar that fills while long work goes on, on a terminal's own line. */
final class Bar {
  private static final int WIDTH = 30;

  private final PrintWriter terminal;
  private final boolean shown;

  /** One that is drawn or not. */
  Bar(PrintWriter terminal, boolean shown) {
    this.terminal = terminal;
    this.shown = shown;
  }

  /** Whether a person is looking, so that a bar makes sense. */
  static boolean wanted(Session session) {
    return !session.json() && CommandLine.Help.Ansi.AUTO.enabled();
  }

  void draw(long done, long of, String text) {
    if (!shown) {
      return;
    }
    int filled = of == 0 ? WIDTH : (int) Math.min(WIDTH, WIDTH * done / of);
    terminal.print(
        "\r["
            + "#".repeat(filled)
            + " ".repeat(WIDTH - filled)
            + "] "
            + done
            + "/"
            + of
            + " "
            + text);
    terminal.flush();
  }

  void end() {
    if (shown) {
      terminal.println();
      terminal.flush();
    }
  }
}
