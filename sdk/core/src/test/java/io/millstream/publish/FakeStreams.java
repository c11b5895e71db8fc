package io.millstream.publish;

import io.millstream.engine.AddArgs;
import io.millstream.engine.Engine;
import io.millstream.engine.StreamCommands;
import io.millstream.entry.EntryId;
import io.millstream.entry.Fields;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/** Records each XADD; replies are made by the test. */
final class FakeStreams {
  record Add(String key, Fields fields, AddArgs args) {}

  final List<Add> sent = Collections.synchronizedList(new ArrayList<>());
  final Set<Thread> senders = ConcurrentHashMap.newKeySet();
  final AtomicInteger subscribed = new AtomicInteger();

  /** The reply to the n-th XADD, counted from 1. */
  Function<Integer, Mono<EntryId>> reply = n -> Mono.just(new EntryId(n, 0));

  Engine engine() {
    StreamCommands streams =
        proxy(
            StreamCommands.class,
            args -> add((String) args[0], (Fields) args[1], (AddArgs) args[2]));
    return proxy(Engine.class, args -> streams);
  }

  private Mono<EntryId> add(String key, Fields fields, AddArgs args) {
    return Mono.defer(
        () -> {
          senders.add(Thread.currentThread());
          sent.add(new Add(key, fields, args));
          return reply.apply(subscribed.incrementAndGet());
        });
  }

  private static <T> T proxy(Class<T> type, Function<Object[], Object> answer) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, args) -> answer.apply(args == null ? new Object[0] : args)));
  }
}
