package io.millstream.engine.lettuce;

/**
 * Where a node of a cluster listens, as the cluster says.
 *
 * @param host its name or IP address
 * @param port its port
 */
record Address(String host, int port) {
  /**
   * Reads {@code host:port}. A node that does not know its own address leaves the host out, or
   * writes {@code ?}: it means the host that it was asked at.
   */
  static Address parse(String text, Address asked) {
    int colon = text.lastIndexOf(':');
    return of(
        text.substring(0, Math.max(colon, 0)), Integer.parseInt(text.substring(colon + 1)), asked);
  }

  static Address of(String host, int port, Address asked) {
    return new Address(host.isEmpty() || host.equals("?") ? asked.host : host, port);
  }

  @Override
  public String toString() {
    return host + ":" + port;
  }
}
