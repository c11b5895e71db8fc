package io.millstream.test.redis;

import io.millstream.engine.ReadArgs;
import io.millstream.engine.ReadArgs.StreamOffset;
import io.millstream.engine.StreamEntries;
import io.millstream.engine.memory.BlockingCall;
import io.millstream.test.redis.Command.Flags;
import io.millstream.test.redis.Command.Keys;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** XREAD and XREADGROUP. */
final class ReadCommands {
  void addTo(CommandTable table) {
    table
        .add("xread", -4, Flags.BLOCKING, Keys.NONE, ReadCommands::read)
        .add("xreadgroup", -7, Flags.BLOCKING, Keys.NONE, ReadCommands::readGroup);
  }

  private static Reply read(Client client, Request request) {
    Options options = new Options(request, false);
    return later(
        client
            .database()
            .streams()
            .read(options.count, options.blockMillis(client), options.streams));
  }

  private static Reply readGroup(Client client, Request request) {
    Options options = new Options(request, true);
    Long block = options.blockMillis(client);
    return later(
        client
            .database()
            .streams()
            .readGroup(
                new ReadArgs(
                    options.group,
                    options.consumer,
                    options.count,
                    block == null ? null : Duration.ofMillis(block),
                    options.noAck,
                    options.streams)));
  }

  private static Reply later(BlockingCall<List<StreamEntries>> call) {
    return new Reply.Later(
        call, call.reply().map(Replies::streams).defaultIfEmpty(Reply.NIL_ARRAY));
  }

  private static final class Options {
    private final Request request;
    private final boolean ofGroup;
    private @Nullable Long block;
    private long count;
    private String group = "";
    private String consumer = "";
    private boolean noAck;
    private List<StreamOffset> streams = List.of();

    Options(Request request, boolean ofGroup) {
      this.request = request;
      this.ofGroup = ofGroup;
      boolean hasGroup = false;
      for (int i = 1; i < request.size() && streams.isEmpty(); i++) {
        int more = request.size() - i - 1;
        if (request.is(i, "BLOCK") && more > 0) {
          i++;
          block = Timeouts.millis(request, i);
        } else if (request.is(i, "COUNT") && more > 0) {
          i++;
          count = Math.max(0, request.number(i));
        } else if (request.is(i, "STREAMS") && more > 0) {
          streams = streams(i + 1);
        } else if (request.is(i, "GROUP") && more >= 2) {
          requireGroup("GROUP");
          group = request.text(i + 1);
          consumer = request.text(i + 2);
          hasGroup = true;
          i += 2;
        } else if (request.is(i, "NOACK")) {
          requireGroup("NOACK");
          noAck = true;
        } else {
          throw Failures.syntax();
        }
      }
      if (streams.isEmpty()) {
        throw Failures.syntax();
      }
      if (ofGroup && !hasGroup) {
        throw Failures.err("Missing GROUP option for XREADGROUP");
      }
    }

    private void requireGroup(String option) {
      if (!ofGroup) {
        throw Failures.err(
            "The " + option + " option is only supported by XREADGROUP. You called XREAD instead.");
      }
    }

    private List<StreamOffset> streams(int from) {
      int words = request.size() - from;
      if (words % 2 != 0) {
        throw Failures.err(
            "Unbalanced '"
                + request.name()
                + "' list of streams: for each stream key an "
                + (ofGroup ? "ID or '>'" : "ID, '+', or '$'")
                + " must be specified.");
      }
      List<StreamOffset> offsets = new ArrayList<>();
      for (int i = 0; i < words / 2; i++) {
        offsets.add(new StreamOffset(request.text(from + i), request.text(from + words / 2 + i)));
      }
      return offsets;
    }

    /** BLOCK; within EXEC nothing waits. */
    @Nullable Long blockMillis(Client client) {
      return client.executing ? null : block;
    }
  }
}
