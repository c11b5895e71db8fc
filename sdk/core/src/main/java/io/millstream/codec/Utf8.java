package io.millstream.codec;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;

/** Text in fields: read strictly, so that bytes that are no text are not silently altered. */
final class Utf8 {
  private static final char REPLACEMENT = '\uFFFD';

  private Utf8() {}

  static String decode(byte[] value, String field) {
    String text = new String(value, UTF_8);
    if (text.indexOf(REPLACEMENT) < 0) {
      return text;
    }
    try { // either the text has this very character, or it stands for malformed bytes
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(value)).toString();
    } catch (CharacterCodingException e) {
      throw new DecodeException("field '" + field + "': not UTF-8 text");
    }
  }
}
