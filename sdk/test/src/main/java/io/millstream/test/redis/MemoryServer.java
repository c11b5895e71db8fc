package io.millstream.test.redis;

import java.util.concurrent.CountDownLatch;

/** An {@link InMemoryRedis} alone, on the port of {@code -Dport}, until the process is ended. */
final class MemoryServer {
  private static final String DEFAULT_PORT = "6379";

  private MemoryServer() {}

  /** See the class. */
  public static void main(String[] args) throws InterruptedException {
    InMemoryRedis redis;
    try {
      redis = InMemoryRedis.start(port(System.getProperty("port", DEFAULT_PORT)));
    } catch (IllegalArgumentException | IllegalStateException e) {
      System.err.println(e.getMessage());
      System.exit(1);
      return;
    }
    System.out.println("Redis in memory at " + redis.uri());
    new CountDownLatch(1).await();
  }

  private static int port(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("port: '" + text + "', expected 0 to 65535", e);
    }
  }
}
