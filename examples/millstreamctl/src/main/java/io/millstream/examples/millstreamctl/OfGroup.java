package io.millstream.examples.millstreamctl;

import io.millstream.codec.MessageStream;
import picocli.CommandLine.Parameters;

/** The stream and the group that a command is about. */
final class OfGroup {
  @Parameters(index = "0", paramLabel = "STREAM", description = "The stream's key.")
  private String stream = "";

  @Parameters(index = "1", paramLabel = "GROUP", description = "The consumer group.")
  private String group = "";

  MessageStream<byte[]> stream() {
    return MessageStream.bytes(stream);
  }

  String group() {
    return group;
  }
}
