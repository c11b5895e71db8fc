package io.millstream.test.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;

/**
 * Names and values as text and back without loss: bytes that are no UTF-8 become, one by one, lone
 * surrogates, which no UTF-8 has.
 */
final class Text {
  private static final int FOREIGN = 0xDC00;

  private Text() {}

  static String of(byte[] bytes) {
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      return withForeignBytes(bytes);
    }
  }

  private static String withForeignBytes(byte[] bytes) {
    CharsetDecoder decoder = UTF_8.newDecoder();
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(bytes.length);
    CoderResult result = decoder.decode(in, out, true);
    while (result.isError()) {
      for (int i = 0; i < result.length(); i++) {
        out.put((char) (FOREIGN | Byte.toUnsignedInt(in.get())));
      }
      result = decoder.reset().decode(in, out, true);
    }
    return out.flip().toString();
  }

  static byte[] bytes(String text) {
    if (text.chars().noneMatch(c -> Character.isSurrogate((char) c))) {
      return text.getBytes(UTF_8);
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    text.codePoints()
        .forEach(
            c -> {
              if (c >= FOREIGN && c <= Character.MAX_LOW_SURROGATE) {
                bytes.write(c); // the lowest eight bits
              } else {
                bytes.writeBytes(Character.toString(c).getBytes(UTF_8));
              }
            });
    return bytes.toByteArray();
  }
}
