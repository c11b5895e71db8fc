package io.millstream.examples.millstreamctl;

/** The exit statuses; picocli's own 2 means that the command line is wrong. */
final class Exit {
  static final int DONE = 0;
  static final int REFUSED = 1;
  static final int NOT_FOUND = 3;
  static final int PARTLY = 4;

  private Exit() {}
}
