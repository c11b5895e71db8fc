package io.millstream.examples.benchmarks;

import java.time.Duration;
import java.util.function.LongConsumer;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.connection.stream.MapRecord;
import org.springframework.data.redis.core.StreamOperations;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.data.redis.stream.StreamMessageListenerContainer;
import org.springframework.data.redis.stream.StreamMessageListenerContainer.StreamMessageListenerContainerOptions;

/** Spring Data Redis's listener container, acknowledging in the listener. */
final class SpringContainer implements Contender {
  @Override
  public String name() {
    return "spring-container";
  }

  @Override
  public AutoCloseable start(Job job, LongConsumer handler) {
    LettuceConnectionFactory connections = Spring.connections(job);
    StreamOperations<String, String, String> streams =
        new StringRedisTemplate(connections).opsForStream();
    StreamMessageListenerContainer<String, MapRecord<String, String, String>> container =
        StreamMessageListenerContainer.create(
            connections,
            StreamMessageListenerContainerOptions.builder()
                .batchSize(Spring.BATCH)
                .pollTimeout(Duration.ofMillis(200))
                .build());
    container.receive(
        Spring.me(job),
        Spring.fresh(job),
        message -> {
          handler.accept(Job.number(message.getId().getValue()));
          streams.acknowledge(job.stream(), job.group(), message.getId());
        });
    container.start();
    return () -> {
      container.stop();
      connections.destroy();
    };
  }
}
