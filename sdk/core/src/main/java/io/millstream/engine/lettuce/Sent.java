package io.millstream.engine.lettuce;

import io.lettuce.core.protocol.AsyncCommand;
import io.lettuce.core.protocol.Command;
import org.jspecify.annotations.Nullable;

/** A command on its way, with the time by which its reply is due. */
final class Sent extends AsyncCommand<byte[], byte[], @Nullable Object> {
  /** No deadline. */
  static final long NEVER = Long.MAX_VALUE;

  private final long deadline;

  Sent(Call call, long deadline) {
    super(new Command<>(call.command(), call.output(), call.args()));
    this.deadline = deadline;
  }

  /** In nanoseconds of the scheduler's clock. */
  long deadline() {
    return deadline;
  }
}
