package io.millstream.worker;

import io.millstream.codec.DecodeException;
import io.millstream.codec.Envelope;
import io.millstream.codec.MessageStream;
import io.millstream.message.Message;

/** Makes messages of deliveries, and has what surrounds their handlers. */
final class MessageDecoder<T> {
  private final MessageStream<T> stream;
  private final Surroundings surroundings;

  MessageDecoder(MessageStream<T> stream, Surroundings surroundings) {
    this.stream = stream;
    this.surroundings = surroundings;
  }

  Surroundings surroundings() {
    return surroundings;
  }

  /** Whatever a codec throws means that the payload cannot be read. */
  Message<T> decode(Delivery delivery) throws DecodeException {
    try {
      T payload = stream.codec().decode(Envelope.payload(delivery.fields()));
      return new Message<>(
          stream.name(),
          delivery.id(),
          payload,
          Envelope.headers(delivery.fields()),
          delivery.count());
    } catch (DecodeException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new DecodeException("the codec failed with " + e.getClass().getName(), e);
    }
  }
}
