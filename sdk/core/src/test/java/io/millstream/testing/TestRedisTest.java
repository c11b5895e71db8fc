package io.millstream.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("redis")
class TestRedisTest {
  @Test
  void sharedServerAnswersAndTellsItsVersion() {
    try (var redis = TestRedis.connect()) {
      assertThat(redis.call("PING")).isEqualTo("PONG");
      assertThat(redis.text("INFO", "server")).contains("_version:" + TestRedis.version());
    }
  }

  @Test
  void capabilitiesAgreeWithEachOther() {
    assertThat(TestRedis.has(Capability.LAG)).isEqualTo(TestRedis.has(Capability.AUTO_SEQUENCE));
    assertThat(TestRedis.has(Capability.INACTIVE))
        .isEqualTo(TestRedis.has(Capability.BLOCKED_READ_RERUN));
  }

  @Test
  void keysAreUnique() {
    assertThat(TestRedis.key()).isNotEqualTo(TestRedis.key());
  }

  @Test
  void ownServerTakesArgumentsAndForgetsEverythingWhenRestarted() {
    try (var own = TestRedis.startOwn("--maxmemory", "64mb")) {
      try (var redis = own.connect()) {
        assertThat(redis.list("CONFIG", "GET", "maxmemory").get(1)).isEqualTo("67108864");
        redis.call("SET", "k", "v");
      }
      own.restart();
      try (var redis = own.connect()) {
        assertThat(redis.call("GET", "k")).isNull();
      }
    }
  }

  @Test
  void killedServerRefusesConnections() {
    try (var own = TestRedis.startOwn()) {
      own.kill();
      assertThatThrownBy(own::connect).isInstanceOf(UncheckedIOException.class);
    }
  }

  @Test
  void frozenServerAnswersOnlyWhenItIsResumed() throws Exception {
    try (var own = TestRedis.startOwn();
        var redis = own.connect()) {
      own.freeze();
      redis.send("PING");
      var answer = CompletableFuture.supplyAsync(redis::receive);
      assertThatThrownBy(() -> answer.get(100, TimeUnit.MILLISECONDS))
          .isInstanceOf(TimeoutException.class);
      own.resume();
      Awaitility.await().until(answer::isDone);
      assertThat(answer.get()).isEqualTo("PONG");
    }
  }
}
