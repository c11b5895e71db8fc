package io.millstream.observe.micrometer;

import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.SenderContext;
import io.millstream.entry.EntryId;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a message that is being published, for a convention or a handler of one's own.
 * Its carrier takes the headers that the trace adds to the message.
 *
 * @since 0.1
 */
public final class PublishContext extends SenderContext<Map<String, String>> {
  private final String stream;
  private final Map<String, String> added = new LinkedHashMap<>();
  private volatile @Nullable EntryId id;

  PublishContext(String stream) {
    super((carrier, name, value) -> add(carrier, name, value), Kind.PRODUCER);
    this.stream = stream;
    setCarrier(added);
    setRemoteServiceName(MessagingKeys.REDIS);
  }

  private static void add(@Nullable Map<String, String> carrier, String name, String value) {
    if (carrier != null) {
      carrier.put(name, value);
    }
  }

  /** The key of the stream. */
  public String stream() {
    return stream;
  }

  /** The id of the entry, once it was written. */
  public @Nullable EntryId id() {
    return id;
  }

  void written(EntryId entry) {
    id = entry;
  }

  Map<String, String> added() {
    return added;
  }
}
