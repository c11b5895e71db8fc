package io.millstream.entry;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * The fields of an entry: names and values are bytes, the order is kept, and a name may occur more
 * than once, as in Redis itself.
 *
 * <p>Immutable by contract: for speed, byte arrays are neither copied on the way in nor on the way
 * out, and nobody may change them.
 *
 * @since 0.1
 */
public final class Fields {
  /** No fields at all: what is left of a deleted entry. */
  public static final Fields EMPTY = new Fields(new byte[0][]);

  private final byte[][] flat; // name, value, name, value, ...

  private Fields(byte[][] flat) {
    this.flat = flat;
  }

  /**
   * Fields from alternating names and values, as {@code XADD} takes them. The array is not copied.
   *
   * @throws IllegalArgumentException if the number of elements is odd
   */
  public static Fields ofFlat(byte[][] namesAndValues) {
    if (namesAndValues.length % 2 != 0) {
      throw new IllegalArgumentException(
          "fields: " + namesAndValues.length + " elements, expected pairs of name and value");
    }
    return namesAndValues.length == 0 ? EMPTY : new Fields(namesAndValues);
  }

  /**
   * Fields from alternating names and values, encoded as UTF-8.
   *
   * @throws IllegalArgumentException if the number of elements is odd
   */
  public static Fields of(String... namesAndValues) {
    byte[][] flat = new byte[namesAndValues.length][];
    for (int i = 0; i < flat.length; i++) {
      flat[i] = namesAndValues[i].getBytes(UTF_8);
    }
    return ofFlat(flat);
  }

  /** A new, empty builder. */
  public static Builder builder() {
    return new Builder();
  }

  /** The number of pairs. */
  public int size() {
    return flat.length / 2;
  }

  /** Whether there is no pair. */
  public boolean isEmpty() {
    return flat.length == 0;
  }

  /** The name of pair {@code i} as bytes. */
  public byte[] nameBytes(int i) {
    return flat[2 * i];
  }

  /** The name of pair {@code i}, read as UTF-8. */
  public String name(int i) {
    return new String(flat[2 * i], UTF_8);
  }

  /** The value of pair {@code i}. */
  public byte[] value(int i) {
    return flat[2 * i + 1];
  }

  /** The value of the first pair of that name, or null. */
  public byte @Nullable [] first(String name) {
    byte[] wanted = name.getBytes(UTF_8);
    for (int i = 0; i < flat.length; i += 2) {
      if (Arrays.equals(flat[i], wanted)) {
        return flat[i + 1];
      }
    }
    return null;
  }

  /** The value of the first pair of that name, read as UTF-8, or null. */
  public @Nullable String text(String name) {
    byte[] value = first(name);
    return value == null ? null : new String(value, UTF_8);
  }

  /** These pairs followed by those of {@code more}. */
  public Fields plus(Fields more) {
    if (more.isEmpty()) {
      return this;
    }
    byte[][] all = Arrays.copyOf(flat, flat.length + more.flat.length);
    System.arraycopy(more.flat, 0, all, flat.length, more.flat.length);
    return new Fields(all);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Fields fields && Arrays.deepEquals(flat, fields.flat);
  }

  @Override
  public int hashCode() {
    return Arrays.deepHashCode(flat);
  }

  /** The names only: values are payload and stay out of logs. */
  @Override
  public String toString() {
    StringJoiner names = new StringJoiner(", ", "Fields[", "]");
    for (int i = 0; i < size(); i++) {
      names.add(name(i));
    }
    return names.toString();
  }

  /** Gathers pairs in order. Not for use by several threads. */
  public static final class Builder {
    private final List<byte[]> flat = new ArrayList<>();

    private Builder() {}

    /** Adds a pair, encoded as UTF-8. */
    public Builder add(String name, String value) {
      return add(name, value.getBytes(UTF_8));
    }

    /** Adds a pair; the value is not copied. */
    public Builder add(String name, byte[] value) {
      return add(name.getBytes(UTF_8), value);
    }

    /** Adds a pair; neither array is copied. */
    public Builder add(byte[] name, byte[] value) {
      flat.add(name);
      flat.add(value);
      return this;
    }

    /** The fields gathered so far. */
    public Fields build() {
      return ofFlat(flat.toArray(new byte[0][]));
    }
  }
}
