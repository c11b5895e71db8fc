package io.millstream.engine.lettuce;

import static io.lettuce.core.protocol.CommandType.CLIENT;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which of the server's clients a connection is. An id alone is not enough: a restarted server
 * counts from the beginning, and a stranger may have the id by now.
 *
 * @param id the server's id of the client
 * @param address the address that the server sees
 */
record Identity(long id, String address) {
  private static final Pattern CLIENT_INFO = Pattern.compile("\\bid=(\\d+) addr=(\\S+)");

  /** Asks for it (CLIENT INFO). */
  static Call ask() {
    return Call.of(CLIENT, "INFO");
  }

  /** Reads the reply of CLIENT INFO. */
  static Identity parse(Object tree) {
    String info = Decode.text(tree);
    Matcher matcher = CLIENT_INFO.matcher(info);
    if (!matcher.find()) {
      throw new IllegalArgumentException("no id and addr in the reply to CLIENT INFO");
    }
    return new Identity(Long.parseLong(matcher.group(1)), matcher.group(2));
  }

  /** CLIENT KILL: answers how many it found, which is 1 or 0. */
  Call kill() {
    return Call.of(CLIENT, "KILL", "ID", Long.toString(id), "ADDR", address);
  }

  /** CLIENT UNBLOCK: answers whether it was blocked. */
  Call unblock() {
    return Call.of(CLIENT, "UNBLOCK", Long.toString(id), "TIMEOUT");
  }
}
