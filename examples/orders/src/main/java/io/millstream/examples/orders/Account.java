package io.millstream.examples.orders;

import java.util.Map;

/**
 * How it ended. What is published, dead-lettered and pending is what Redis says; the rest is from
 * the ledger.
 *
 * @param published entries of the stream
 * @param handled orders that were handled
 * @param handledBy how many by which worker
 * @param handledTwice how many times an order was handled that had been handled before
 * @param redelivered starts of the handler for an order that it had been started for before
 * @param takenOver how many of these at another worker
 * @param deadLettered entries of the dead-letter stream
 * @param whatDied the story of the dead letters
 * @param pending pending entries of the group
 */
record Account(
    long published,
    int handled,
    Map<String, Integer> handledBy,
    int handledTwice,
    int redelivered,
    int takenOver,
    long deadLettered,
    String whatDied,
    long pending) {

  /** Whether every order was handled or is a dead letter, and nothing is left behind. */
  boolean balances() {
    return published == Scenario.ORDERS && published == handled + deadLettered && pending == 0;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    line(text, "published", published, "");
    line(text, "handled", handled, handledTwice == 0 ? "none twice" : handledTwice + " again");
    handledBy.forEach((worker, count) -> line(text, "  by " + worker, count, ""));
    line(
        text,
        "redelivered",
        redelivered,
        redelivered - takenOver + " after a failure, " + takenOver + " taken over");
    line(text, "dead-lettered", deadLettered, whatDied);
    line(text, "still pending", pending, "");
    text.append(balances() ? "It balances: " : "It does NOT balance: ");
    return text.append(published)
        .append(" published, ")
        .append(handled)
        .append(" handled + ")
        .append(deadLettered)
        .append(" dead-lettered, ")
        .append(pending)
        .append(" pending")
        .toString();
  }

  private static void line(StringBuilder text, String what, long count, String remark) {
    text.append(String.format("  %-18s%5d   %s", what, count, remark).stripTrailing())
        .append(System.lineSeparator());
  }
}
