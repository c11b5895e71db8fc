package io.millstream.observe.micrometer;

import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.ReceiverContext;
import io.millstream.entry.EntryId;
import io.millstream.message.Headers;
import io.millstream.observe.Arrival;
import io.millstream.observe.Processing.Result;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a delivery in the hands of its handler, for a convention or a handler of one's
 * own. Its carrier are the message's headers.
 *
 * @since 0.1
 */
public final class ProcessContext extends ReceiverContext<Headers> {
  private final String stream;
  private final String group;
  private final String consumer;
  private final EntryId id;
  private final long delivery;
  private volatile @Nullable Result result;

  ProcessContext(String stream, String group, String consumer, Arrival arrival) {
    super((headers, name) -> headers == null ? null : headers.get(name), Kind.CONSUMER);
    this.stream = stream;
    this.group = group;
    this.consumer = consumer;
    this.id = arrival.id();
    this.delivery = arrival.delivery();
    setCarrier(arrival.headers());
    setRemoteServiceName(MessagingKeys.REDIS);
  }

  /** The key of the stream. */
  public String stream() {
    return stream;
  }

  /** The consumer group. */
  public String group() {
    return group;
  }

  /** The worker's name in the group. */
  public String consumer() {
    return consumer;
  }

  /** The id of the entry. */
  public EntryId id() {
    return id;
  }

  /** Which start of the handler this is, by Redis's own delivery count. */
  public long delivery() {
    return delivery;
  }

  /** How it ended, once it has. */
  public @Nullable Result result() {
    return result;
  }

  void ended(Result how) {
    result = how;
  }
}
