package io.millstream.examples.orders;

import reactor.core.scheduler.Schedulers;

/**
 * Runs the story, in memory or on the server that {@code -Dredis=redis://host:port} names, with the
 * seed of {@code -Dseed}. In memory, {@code -Dport} lets others look inside with {@code redis-cli}
 * while it runs. Ends with 0 only if the account balances.
 */
public final class Orders {
  private static final String STREAM = "order:events";

  private Orders() {}

  /** See the class. */
  public static void main(String[] args) {
    System.exit(run());
  }

  private static int run() {
    try {
      Server server =
          Server.choose(System.getProperty("redis", ""), System.getProperty("port", ""));
      Scenario scenario = new Scenario(Long.getLong("seed", 42));
      System.out.printf(
          "%d orders on stream %s for group %s, %s, seed %d%n",
          Scenario.ORDERS, STREAM, Story.GROUP, server.name(), scenario.seed());
      Progress progress = new Progress(System.out, Schedulers.parallel());
      Account account = new Story(STREAM, server, scenario, progress).run();
      System.out.println("Account");
      System.out.println(account);
      return account.balances() ? 0 : 1;
    } catch (IllegalArgumentException | IllegalStateException e) {
      System.err.println(e.getMessage());
      return 1;
    }
  }
}
