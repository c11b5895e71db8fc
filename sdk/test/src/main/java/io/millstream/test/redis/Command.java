package io.millstream.test.redis;

import java.util.List;

/**
 * A command of the table.
 *
 * @param name in lower case; of a subcommand {@code container|subcommand}
 * @param arity how many words it takes, its name included; negative: at least so many
 * @param flags as COMMAND INFO shows them
 * @param keys where its keys are
 * @param action what it does
 */
record Command(String name, int arity, Flags flags, Keys keys, Action action) {
  /** Runs a command. A {@link io.millstream.engine.RedisException} is its error reply. */
  interface Action {
    Reply run(Client client, Request request);
  }

  /** Of what kind a command is. */
  enum Flags {
    /** Changes keys. */
    WRITE("write"),
    /** Looks at keys. */
    READ("readonly"),
    /** May wait. */
    BLOCKING("write blocking"),
    /** Is about the server or the connection. */
    CONNECTION("noscript loading stale fast"),
    /** The same, and a client that listens to channels may send it. */
    PUBSUB("pubsub noscript loading stale"),
    /** Is not queued by MULTI. */
    TRANSACTION("noscript loading stale fast");

    private final String words;

    Flags(String words) {
      this.words = words;
    }

    List<String> words() {
      return List.of(words.split(" "));
    }
  }

  /**
   * The places of keys among the words.
   *
   * @param first the first key's, 0 if there is none
   * @param last the last key's, counted from the end if negative
   * @param step from one to the next
   */
  record Keys(int first, int last, int step) {
    static final Keys NONE = new Keys(0, 0, 0);
    static final Keys FIRST = new Keys(1, 1, 1);
    static final Keys SECOND = new Keys(2, 2, 1);
    static final Keys ALL = new Keys(1, -1, 1);
  }

  boolean takes(int words) {
    return arity >= 0 ? words == arity : words >= -arity;
  }
}
