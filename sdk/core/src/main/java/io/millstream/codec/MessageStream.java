package io.millstream.codec;

import io.millstream.entry.Fields;
import java.util.Objects;

/**
 * A stream's key with the type and the codec of its messages: what publisher and worker must agree
 * on, said once.
 *
 * <pre>{@code
 * MessageStream<Order> orders = MessageStream.json("order:events", Order.class);
 * }</pre>
 *
 * <p>Immutable and safe for use by many threads. The name is the stream's key; it may have one hash
 * tag ({@code orders:{eu}}) and no braces otherwise, so that its dead letters can live in the same
 * hash slot. Every factory throws {@code IllegalArgumentException} for a name that is blank or has
 * other braces.
 *
 * @param name the stream's key
 * @param codec how its messages are written and read
 * @param <T> the payload's type
 * @since 0.1
 */
public record MessageStream<T>(String name, Codec<T> codec) {
  /** See the factories. */
  public MessageStream {
    requireName(name);
    Objects.requireNonNull(codec, "codec");
  }

  /**
   * JSON in the field {@code payload}. Properties that {@code type} does not know are ignored, so
   * that publishers can evolve. There is no polymorphic typing beyond what the type's own
   * annotations ask for. With a mapper of your own: {@code MessageStream.of(name,
   * JsonCodec.of(type, mapper))}. Needs Jackson 3 at run time.
   *
   * @throws IllegalStateException if Jackson is not on the class path
   */
  public static <T> MessageStream<T> json(String name, Class<T> type) {
    requireName(name);
    requireJackson("json");
    return new MessageStream<>(name, JsonCodec.of(type));
  }

  /** UTF-8 text in the field {@code payload}; bytes that are no UTF-8 are not decodable. */
  public static MessageStream<String> string(String name) {
    return new MessageStream<>(name, StringCodec.INSTANCE);
  }

  /** Bytes in the field {@code payload}; they are not copied. */
  public static MessageStream<byte[]> bytes(String name) {
    return new MessageStream<>(name, BytesCodec.INSTANCE);
  }

  /** All fields of the entry but headers, as they are: for what other programs write. */
  public static MessageStream<Fields> fields(String name) {
    return new MessageStream<>(name, FieldsCodec.INSTANCE);
  }

  /**
   * A field for each property of a flat type: {@code XADD order:events * orderId 7 amount 12} is
   * read as {@code record OrderEvent(long orderId, BigDecimal amount)}, and written like that. A
   * property that is null is left out; fields that {@code type} does not know are ignored; of
   * several fields of one name the last wins; a boolean may also be {@code 1} or {@code 0}. Needs
   * Jackson 3 at run time.
   *
   * @throws IllegalStateException if Jackson is not on the class path
   */
  public static <T> MessageStream<T> fieldMap(String name, Class<T> type) {
    requireName(name);
    requireJackson("fieldMap");
    return new MessageStream<>(name, new FieldMapCodec<>(type));
  }

  /** With a codec of your own. */
  public static <T> MessageStream<T> of(String name, Codec<T> codec) {
    return new MessageStream<>(name, codec);
  }

  /**
   * The dead letters of a group of this stream: the same messages under {@link #deadLetterKey},
   * each with its story in the headers (see {@link DeadLetterStory}).
   */
  public MessageStream<T> deadLetters(String group) {
    return new MessageStream<>(deadLetterKey(group), codec);
  }

  /**
   * The key of the stream that holds the group's dead letters: <code>{name}:group:dlq</code>, or
   * <code>name:group:dlq</code> when the name has a hash tag already. In the group's name {@code %
   * : { }} are written {@code %25 %3A %7B %7D}.
   *
   * @throws IllegalArgumentException if the group's name is blank
   */
  public String deadLetterKey(String group) {
    return ofGroup(group, "dlq");
  }

  private String ofGroup(String group, String what) {
    if (group.isBlank()) {
      throw new IllegalArgumentException("group: '" + group + "', expected a name, not blank");
    }
    String tagged = name.indexOf('{') < 0 ? '{' + name + '}' : name;
    return tagged + ':' + escape(group) + ':' + what;
  }

  /**
   * The channel on which workers of a group tell each other that something was released: <code>
   * {name}:group:nudge</code>, made as {@link #deadLetterKey} is.
   */
  public String nudgeChannel(String group) {
    return ofGroup(group, "nudge");
  }

  private static String escape(String group) {
    return group.replace("%", "%25").replace(":", "%3A").replace("{", "%7B").replace("}", "%7D");
  }

  private static void requireName(String name) {
    if (name.isBlank()) {
      throw new IllegalArgumentException("stream name: '" + name + "', expected a key, not blank");
    }
    int open = name.indexOf('{');
    int close = name.indexOf('}');
    boolean plain = open < 0 && close < 0;
    boolean tagged =
        open >= 0
            && close > open + 1
            && open == name.lastIndexOf('{')
            && close == name.lastIndexOf('}');
    if (!plain && !tagged) {
      throw new IllegalArgumentException(
          "stream name: '" + name + "', expected no braces but those of one hash tag {tag}");
    }
  }

  // No signature of this class may name a type of Jackson: whoever looks at its methods by
  // reflection, as Spring does, would need Jackson then.
  private static void requireJackson(String factory) {
    try {
      Class.forName(
          "tools.jackson.databind.json.JsonMapper", false, MessageStream.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(
          "MessageStream."
              + factory
              + ": tools.jackson.core:jackson-databind (Jackson 3) is missing on the class path",
          e);
    }
  }
}
