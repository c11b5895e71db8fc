package io.millstream.examples.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lettuce.core.Consumer;
import io.lettuce.core.RedisClient;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.XReadArgs.StreamOffset;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongConsumer;

/**
 * The limit: reads of 500, handled one after the other, and one XACK for all of them which is not
 * waited for. No retries, no leases, no recovery, no dead letters.
 */
final class RawLettuce implements Contender {
  private static final int BATCH = 500;
  private static final byte[] CONSUMER = "me".getBytes(UTF_8);

  @Override
  public String name() {
    return "lettuce";
  }

  @Override
  public AutoCloseable start(Job job, LongConsumer handler) {
    RedisClient client = RedisClient.create(job.uri());
    RedisCommands<byte[], byte[]> reads = client.connect(ByteArrayCodec.INSTANCE).sync();
    RedisAsyncCommands<byte[], byte[]> acks = client.connect(ByteArrayCodec.INSTANCE).async();
    AtomicBoolean stopped = new AtomicBoolean();
    Thread loop =
        new Thread(
            () -> {
              while (!stopped.get()) {
                drain(job, reads, acks, handler);
              }
            },
            "lettuce-loop");
    loop.start();
    return () -> {
      stopped.set(true);
      loop.join();
      client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
    };
  }

  @SuppressWarnings("unchecked") // an array of streams, as Lettuce will have it
  private static void drain(
      Job job,
      RedisCommands<byte[], byte[]> reads,
      RedisAsyncCommands<byte[], byte[]> acks,
      LongConsumer handler) {
    byte[] stream = job.stream().getBytes(UTF_8);
    byte[] group = job.group().getBytes(UTF_8);
    List<StreamMessage<byte[], byte[]>> batch =
        reads.xreadgroup(
            Consumer.from(group, CONSUMER),
            new XReadArgs().count(BATCH).block(200),
            StreamOffset.lastConsumed(stream));
    if (!batch.isEmpty()) {
      batch.forEach(message -> handler.accept(Job.number(message.getId())));
      var unused =
          acks.xack(stream, group, batch.stream().map(StreamMessage::getId).toArray(String[]::new));
    }
  }
}
