package io.millstream.examples.chaos;

import java.io.IOException;

/** Children do not outlive the driver, not even when it is killed. */
final class Orphans {
  private Orphans() {}

  /** Ends this JVM when its standard input does, which the parent holds open while it lives. */
  static void endWithParent() {
    Thread thread =
        new Thread(
            () -> {
              try {
                while (System.in.read() >= 0) {
                  // nobody says anything
                }
              } catch (IOException e) {
                // as good as an end
              }
              Runtime.getRuntime().halt(1);
            },
            "end-with-parent");
    thread.setDaemon(true);
    thread.start();
  }
}
