package io.millstream.worker;

import io.millstream.codec.DecodeException;
import io.millstream.entry.EntryId;
import io.millstream.message.Outcome;

/** What goes from a handler to the settler: how a delivery ended. */
record Settlement(EntryId id, Ending ending) {

  /** How. */
  sealed interface Ending {
    /** The handler completed, and said this (or nothing, which is an ack). */
    record Said(Outcome outcome) implements Ending {
      /** What nearly every delivery ends with. */
      static final Said ACK = new Said(Outcome.ack());
    }

    /** The handler failed. */
    record Failed(Throwable failure) implements Ending {}

    /** The handler was never called: nobody can read this. */
    record NotDecodable(DecodeException failure) implements Ending {}

    /** The handler was cancelled, and ended without success. */
    record Cancelled() implements Ending {}
  }
}
