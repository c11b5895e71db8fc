package io.millstream.test.redis;

import java.util.List;

/** The replies to HELP: a line is a status. */
final class Help {
  private Help() {}

  static Reply of(List<String> lines) {
    return new Reply.Array(lines.stream().map(Reply.Simple::new).toList());
  }
}
