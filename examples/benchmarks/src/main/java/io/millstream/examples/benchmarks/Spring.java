package io.millstream.examples.benchmarks;

import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.connection.stream.Consumer;
import org.springframework.data.redis.connection.stream.ReadOffset;
import org.springframework.data.redis.connection.stream.StreamOffset;

/** What both of Spring Data Redis's listeners need. */
final class Spring {
  /** Messages of one read: what did best in both. */
  static final int BATCH = 100;

  private Spring() {}

  /** As Spring Boot makes it by default: without a pool. */
  static LettuceConnectionFactory connections(Job job) {
    LettuceConnectionFactory factory =
        new LettuceConnectionFactory(new RedisStandaloneConfiguration("127.0.0.1", job.port()));
    factory.afterPropertiesSet();
    factory.start();
    return factory;
  }

  static Consumer me(Job job) {
    return Consumer.from(job.group(), "me");
  }

  static StreamOffset<String> fresh(Job job) {
    return StreamOffset.create(job.stream(), ReadOffset.lastConsumed());
  }
}
