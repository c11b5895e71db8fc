package io.millstream.worker;

import io.millstream.codec.DecodeException;
import io.millstream.codec.Envelope;
import io.millstream.codec.MessageStream;
import io.millstream.message.Message;

/** Makes messages of deliveries. */
final class MessageDecoder<T> {
  private final MessageStream<T> stream;

  MessageDecoder(MessageStream<T> stream) {
    this.stream = stream;
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
