package io.millstream.examples.fuzz;

import java.util.List;
import java.util.stream.Collectors;

/** A reply as it came over the wire, its type included. */
sealed interface Value {
  /** A string of bytes, each a character. */
  record Bulk(String text) implements Value {}

  /** A number. */
  record Whole(long number) implements Value {}

  /** An aggregate; a map has its keys and values in turn. */
  record Many(char type, List<Value> elements) implements Value {}

  /** What has no parts: a status, an error, a null. */
  record Line(String text) implements Value {}

  /** For people, and to compare by. */
  default String print() {
    if (this instanceof Bulk bulk) {
      return Words.quote(bulk.text());
    }
    if (this instanceof Whole whole) {
      return ":" + whole.number();
    }
    if (this instanceof Many many) {
      return many.elements().stream()
          .map(Value::print)
          .collect(Collectors.joining(" ", many.type() + "[", "]"));
    }
    return ((Line) this).text();
  }

  /** Whether it is an error. */
  default boolean isError() {
    return this instanceof Line line && line.text().startsWith("-");
  }
}
