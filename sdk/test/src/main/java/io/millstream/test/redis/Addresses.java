package io.millstream.test.redis;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** Addresses as Redis writes them. */
final class Addresses {
  private Addresses() {}

  static String text(@Nullable SocketAddress address) {
    return address instanceof InetSocketAddress internet && internet.getAddress() != null
        ? internet.getAddress().getHostAddress() + ':' + internet.getPort()
        : "?:0";
  }
}
