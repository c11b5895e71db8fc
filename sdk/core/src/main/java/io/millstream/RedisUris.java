package io.millstream;

import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.RedisClusterURIUtil;
import io.millstream.engine.Engine;
import io.millstream.engine.lettuce.LettuceEngine;
import java.net.URI;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import reactor.core.scheduler.Scheduler;

/**
 * What {@link Millstream#connect(String)} takes. The forms are Lettuce's, and {@code
 * redis-cluster}, which Lettuce writes {@code redis} too.
 */
final class RedisUris {
  private static final String CLUSTER = "redis-cluster://";
  private static final String CLUSTER_TLS = "rediss-cluster://";

  private static final String HOSTS = "host1[:port][,host2[:port]...]";

  private static final List<String> ALLOWED =
      List.of(
          "redis://[[user:]password@]host[:port][/database]",
          "redis-sentinel://[[user:]password@]" + HOSTS + "[/database]#master",
          CLUSTER + "[[user:]password@]" + HOSTS);

  /** Lettuce takes a port that is no number, and leaves it out. */
  private static final Pattern AUTHORITY =
      Pattern.compile("(?s)rediss?(?:-sentinel|-cluster)?://(?:[^/?#]*@)?([^/?#]+)[^@]*");

  private static final Pattern HOST = Pattern.compile("(?:\\[[0-9a-fA-F:.]+]|[^\\s:,]+)(?::\\d+)?");

  private RedisUris() {}

  /** An engine on what the URI names. */
  static Engine connect(String uri, Scheduler loops) {
    if (uri.startsWith(CLUSTER) || uri.startsWith(CLUSTER_TLS)) {
      return LettuceEngine.connectCluster(cluster(uri), loops);
    }
    return LettuceEngine.connect(single(uri), loops);
  }

  private static RedisURI single(String uri) {
    try {
      RedisURI parsed = RedisURI.create(uri);
      boolean several = !parsed.getSentinels().isEmpty();
      boolean socket = parsed.getSocket() != null;
      if (socket || hasHosts(uri, several)) {
        return parsed;
      }
    } catch (IllegalArgumentException e) {
      // said below
    }
    throw refused(uri);
  }

  private static List<RedisURI> cluster(String uri) {
    try {
      URI lettuces = URI.create(uri.replaceFirst("-cluster", ""));
      boolean database = lettuces.getPath() != null && lettuces.getPath().length() > 1;
      if (hasHosts(uri, true) && !database) {
        return RedisClusterURIUtil.toRedisURIs(lettuces);
      }
    } catch (IllegalArgumentException e) {
      // said below
    }
    throw refused(uri);
  }

  private static boolean hasHosts(String uri, boolean several) {
    Matcher authority = AUTHORITY.matcher(uri);
    if (!authority.matches()) {
      return false;
    }
    List<String> hosts = List.of(authority.group(1).split(",", -1));
    return (several || hosts.size() == 1)
        && hosts.stream().allMatch(host -> HOST.matcher(host).matches());
  }

  /** Neither the value as it is nor a cause: both may show the password. */
  private static IllegalArgumentException refused(String uri) {
    return new IllegalArgumentException(
        "uri: '"
            + uri.replaceFirst("(?s)^(\\w[\\w+.-]*:/+)?.*@", "$1***@")
            + "', allowed: "
            + String.join(", ", ALLOWED)
            + "; rediss instead of redis for TLS");
  }
}
