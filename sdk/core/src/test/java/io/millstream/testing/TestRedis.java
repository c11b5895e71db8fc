package io.millstream.testing;

import io.millstream.testing.RespConnection.ReplyError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.embedded.RedisExecProvider;

/**
 * The real server of the tests, one for a JVM, found in this order:
 *
 * <ol>
 *   <li>{@code -Dredis.uri=redis://...}: a server that runs already. It is not wiped: every test
 *       uses keys of its own ({@link #key()}).
 *   <li>{@code -Dredis.binary=/path/to/redis-server}: started on a free port of the loopback
 *       interface and stopped with the JVM.
 *   <li>Docker, through Testcontainers, with {@code -Dredis.image} ({@code redis:8.6} if not
 *       given), if an engine answers and has the image or can pull it.
 *   <li>The real Redis 7.0.15 that the test dependency {@code embedded-redis} carries.
 * </ol>
 *
 * <p>What was asked for by name and cannot be had is an error; if nothing can be had, tests fail.
 * They are never skipped for want of a server.
 */
public final class TestRedis {
  private static final Logger log = LoggerFactory.getLogger(TestRedis.class);
  private static final String RUN = UUID.randomUUID().toString().substring(0, 8);
  private static final AtomicLong KEYS = new AtomicLong();

  private record Server(String uri, String name, String version, Set<Capability> capabilities) {}

  /** Found at the first use; a failure to find one is every user's failure. */
  private static final class Shared {
    static final Server SERVER = find();
  }

  private static final class EmbeddedBinary {
    static final Path PATH = extract();

    private static Path extract() {
      try {
        return RedisExecProvider.defaultProvider().get().toPath();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Of the servers of {@link #startOwn}: the shared one may be of another version. */
  private static final class Own {
    static final Set<Capability> CAPABILITIES = find();

    private static Set<Capability> find() {
      try (var own = startOwn();
          var redis = own.connect()) {
        return probe(own.uri(), redis);
      }
    }
  }

  private TestRedis() {}

  /** The shared server: {@code redis://host:port}. */
  public static String uri() {
    return Shared.SERVER.uri;
  }

  /** The version that it tells: Redis's, or Valkey's own. */
  public static String version() {
    return Shared.SERVER.version;
  }

  /** Whether it is Valkey. */
  public static boolean isValkey() {
    return Shared.SERVER.name.equals("valkey");
  }

  /** Whether the shared server can do it, by a probe. */
  public static boolean has(Capability capability) {
    return Shared.SERVER.capabilities.contains(capability);
  }

  /** A plain connection to the shared server. */
  public static RespConnection connect() {
    return new RespConnection(uri());
  }

  /** A key that nobody else uses. It has no hash tag. */
  public static String key() {
    return "millstream-test:" + RUN + ":" + KEYS.incrementAndGet();
  }

  /**
   * Starts a server for one test that does damage, from {@code -Dredis.binary} or else from the
   * embedded binary, also where the shared server is another one.
   *
   * @param extraArgs as on the command line: {@code "--maxmemory", "10mb"}
   */
  public static OwnRedis startOwn(String... extraArgs) {
    return OwnRedis.start(ownBinary(), extraArgs);
  }

  /** The program behind {@link #startOwn}. */
  static Path ownBinary() {
    Path given = givenBinary();
    return given != null ? given : EmbeddedBinary.PATH;
  }

  /** Whether a server of {@link #startOwn} can do it, by a probe. */
  public static boolean ownHas(Capability capability) {
    return Own.CAPABILITIES.contains(capability);
  }

  private static Server find() {
    String uri = System.getProperty("redis.uri", "");
    if (!uri.isBlank()) {
      return describe(uri, "-Dredis.uri");
    }
    Path binary = givenBinary();
    if (binary != null) {
      return describe(OwnRedis.start(binary).uri(), "-Dredis.binary=" + binary);
    }
    String image = System.getProperty("redis.image", "redis:8.6");
    Optional<String> container = DockerRedis.start(image);
    if (container.isPresent()) {
      return describe(container.get(), "Docker image " + image);
    }
    return describe(OwnRedis.start(EmbeddedBinary.PATH).uri(), "embedded-redis");
  }

  private static @Nullable Path givenBinary() {
    String binary = System.getProperty("redis.binary", "");
    if (binary.isBlank()) {
      return null;
    }
    Path path = Path.of(binary);
    if (!Files.isExecutable(path)) {
      throw new IllegalArgumentException(
          "redis.binary: '" + binary + "', expected an executable file");
    }
    return path;
  }

  private static Server describe(String uri, String origin) {
    try (var redis = new RespConnection(uri)) {
      String info = redis.text("INFO", "server");
      boolean valkey = info.contains("server_name:valkey");
      String name = valkey ? "valkey" : "redis";
      String version = property(info, name + "_version");
      Server server = new Server(uri, name, version, probe(uri, redis));
      log.info(
          "Tests use {} {} at {}, from {}, with {}",
          name,
          version,
          uri.replaceFirst("://[^@/]*@", "://***@"),
          origin,
          server.capabilities);
      return server;
    }
  }

  private static Set<Capability> probe(String uri, RespConnection redis) {
    Set<Capability> found = EnumSet.noneOf(Capability.class);
    for (Capability capability : Capability.values()) {
      String key = key();
      try {
        if (capability.probe(uri, redis, key)) {
          found.add(capability);
        }
      } catch (ReplyError e) {
        throw new IllegalStateException("the probe of " + capability + " failed", e);
      } finally {
        redis.call("DEL", key);
      }
    }
    return found;
  }

  private static String property(String info, String name) {
    return info.lines()
        .filter(line -> line.startsWith(name + ":"))
        .map(line -> line.substring(name.length() + 1).strip())
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("INFO has no " + name));
  }
}
