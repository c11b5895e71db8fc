package io.millstream.worker;

/** One call of a handler. */
interface Invocation {
  /** Asks it to end before its time. It is over only when its settlements have come. */
  void abort();
}
