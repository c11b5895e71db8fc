package io.millstream.engine.lettuce;

import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.CommandOutput;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes any reply as it is: {@code byte[]} for strings, {@code Long}, {@code Double}, {@code
 * Boolean}, {@code List} for arrays and sets, a flat {@code List} of keys and values for RESP3's
 * maps, and null for nil. Lettuce's own outputs for streams lose entries, fields or ids, each in
 * some version.
 *
 * <p>Used by the event loop alone, until the reply is complete.
 */
final class TreeOutput extends CommandOutput<byte[], byte[], @Nullable Object> {
  /** Larger arrays grow as their elements come: the announced size is only the server's word. */
  private static final int LARGEST_PREALLOCATION = 1024;

  private record Open(List<@Nullable Object> elements, int size) {}

  private final Deque<Open> open = new ArrayDeque<>();

  TreeOutput() {
    super(ByteArrayCodec.INSTANCE, null);
  }

  @Override
  public void set(@Nullable ByteBuffer bytes) {
    add(bytes == null ? null : copy(bytes));
  }

  @Override
  public void set(long integer) {
    add(integer);
  }

  @Override
  public void set(double number) {
    add(number);
  }

  @Override
  public void set(boolean value) {
    add(value);
  }

  @Override
  public void multi(int size) {
    if (size < 0) {
      add(null);
      return;
    }
    List<@Nullable Object> elements = new ArrayList<>(Math.min(size, LARGEST_PREALLOCATION));
    if (size == 0) {
      add(elements);
    } else {
      open.push(new Open(elements, size));
    }
  }

  private void add(@Nullable Object element) {
    Object complete = element;
    for (Open parent = open.peek(); parent != null; parent = open.peek()) {
      parent.elements.add(complete);
      if (parent.elements.size() < parent.size) {
        return;
      }
      open.pop();
      complete = parent.elements;
    }
    output = complete;
  }

  private static byte[] copy(ByteBuffer bytes) {
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(copy);
    return copy;
  }

  /** Without the reply, which may be payload: Lettuce logs its outputs. */
  @Override
  public String toString() {
    return "TreeOutput";
  }
}
