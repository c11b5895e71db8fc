package io.millstream.examples.benchmarks;

import java.time.Duration;
import java.util.function.LongConsumer;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.connection.stream.MapRecord;
import org.springframework.data.redis.core.ReactiveStreamOperations;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;
import org.springframework.data.redis.stream.StreamReceiver;
import org.springframework.data.redis.stream.StreamReceiver.StreamReceiverOptions;
import reactor.core.Disposable;

/** Spring Data Redis's reactive receiver, acknowledging after each message. */
final class SpringReceiver implements Contender {
  private static final int CONCURRENCY = 256;

  @Override
  public String name() {
    return "spring-receiver";
  }

  @Override
  public AutoCloseable start(Job job, LongConsumer handler) {
    LettuceConnectionFactory connections = Spring.connections(job);
    ReactiveStreamOperations<String, String, String> streams =
        new ReactiveStringRedisTemplate(connections).opsForStream();
    StreamReceiver<String, MapRecord<String, String, String>> receiver =
        StreamReceiver.create(
            connections,
            StreamReceiverOptions.builder()
                .batchSize(Spring.BATCH)
                .pollTimeout(Duration.ofMillis(200))
                .build());
    Disposable subscription =
        receiver
            .receive(Spring.me(job), Spring.fresh(job))
            .flatMap(
                message -> {
                  handler.accept(Job.number(message.getId().getValue()));
                  return streams.acknowledge(job.stream(), job.group(), message.getId());
                },
                CONCURRENCY)
            .subscribe();
    return () -> {
      subscription.dispose();
      connections.destroy();
    };
  }
}
