package io.millstream.test.redis;

import java.util.regex.Pattern;

/**
 * A pattern of KEYS, SCAN, CONFIG GET or PSUBSCRIBE: {@code *}, {@code ?}, {@code [a-c]}, {@code
 * \x}.
 */
final class Glob {
  private final Pattern pattern;

  private Glob(String glob, int flags) {
    pattern = Pattern.compile(regex(glob), flags | Pattern.DOTALL);
  }

  static Glob of(String glob) {
    return new Glob(glob, 0);
  }

  static Glob ignoringCase(String glob) {
    return new Glob(glob, Pattern.CASE_INSENSITIVE);
  }

  boolean matches(String text) {
    return pattern.matcher(text).matches();
  }

  private static String regex(String glob) {
    StringBuilder regex = new StringBuilder();
    int i = 0;
    while (i < glob.length()) {
      char c = glob.charAt(i);
      int end = c == '[' ? glob.indexOf(']', i + 2) : -1;
      if (c == '*') {
        regex.append(".*");
      } else if (c == '?') {
        regex.append('.');
      } else if (c == '\\' && i + 1 < glob.length()) {
        i++;
        regex.append(Pattern.quote(glob.substring(i, i + 1)));
      } else if (end > 0) {
        regex.append(choice(glob.substring(i + 1, end)));
        i = end;
      } else {
        regex.append(Pattern.quote(String.valueOf(c)));
      }
      i++;
    }
    return regex.toString();
  }

  private static String choice(String inner) {
    boolean not = inner.startsWith("^");
    String characters = (not ? inner.substring(1) : inner).replaceAll("([\\[\\]&^\\\\])", "\\\\$1");
    return (not ? "[^" : "[") + characters + "]";
  }
}
