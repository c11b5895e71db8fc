package io.millstream.examples.fuzz;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Commands as redis-cli reads them. */
final class Words {
  private Words() {}

  /** A command on one line. */
  static String line(List<String> words) {
    return words.stream()
        .map(word -> word.matches("[\\w.*$+<>=~(){}:-]+") ? word : quote(word))
        .collect(Collectors.joining(" "));
  }

  /** A word in double quotes; what is not printable by its code. */
  static String quote(String word) {
    StringBuilder quoted = new StringBuilder("\"");
    for (char c : word.toCharArray()) {
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (c < ' ' || c > '~') {
        quoted.append(String.format(Locale.ROOT, "\\x%02x", (int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }
}
