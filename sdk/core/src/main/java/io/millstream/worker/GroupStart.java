package io.millstream.worker;

import io.millstream.entry.EntryId;

/**
 * Where a group starts to read when the worker has to create it. A group that is there already goes
 * on where it is.
 *
 * @param id the last id that counts as delivered, as XGROUP CREATE takes it
 * @since 0.1
 */
public record GroupStart(String id) {
  public GroupStart {
    if (!id.equals("$")) {
      EntryId.parse(id);
    }
  }

  /** With the first entry of the stream: the default. */
  public static GroupStart beginning() {
    return new GroupStart("0-0");
  }

  /** With what is published from now on; what stands in the stream is never handled. */
  public static GroupStart end() {
    return new GroupStart("$");
  }

  /** With the entry after the given one. */
  public static GroupStart after(EntryId id) {
    return new GroupStart(id.toString());
  }
}
