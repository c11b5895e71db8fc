package io.millstream.worker;

/** Which kind of handler there is. */
@FunctionalInterface
interface Handling<T> {
  Invoker invoker(MessageDecoder<T> decoder, HandlerThreads threads);
}
