package io.millstream.examples.millstreamctl;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millstream.entry.Fields;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/** What stands in entries may be anything: it must not move the cursor of a terminal. */
final class Texts {
  private Texts() {}

  static String printable(byte[] bytes) {
    return printable(new String(bytes, UTF_8));
  }

  static String printable(String text) {
    StringBuilder safe = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> {
              if (Character.isISOControl(c) || Character.getType(c) == Character.FORMAT) {
                safe.append(String.format("\\u%04x", c));
              } else {
                safe.appendCodePoint(c);
              }
            });
    return safe.toString();
  }

  /** On one line: {@code name=value name=value}. */
  static String oneLine(Fields fields) {
    StringJoiner line = new StringJoiner(" ");
    for (int i = 0; i < fields.size(); i++) {
      line.add(printable(fields.nameBytes(i)) + "=" + printable(fields.value(i)));
    }
    return line.toString();
  }

  /** For scripts: pairs in order; what is not UTF-8 as {@code {"base64": ...}}. */
  static List<List<Object>> pairs(Fields fields) {
    List<List<Object>> pairs = new ArrayList<>();
    for (int i = 0; i < fields.size(); i++) {
      pairs.add(List.of(element(fields.nameBytes(i)), element(fields.value(i))));
    }
    return pairs;
  }

  private static Object element(byte[] bytes) {
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      return Map.of("base64", Base64.getEncoder().encodeToString(bytes));
    }
  }
}
