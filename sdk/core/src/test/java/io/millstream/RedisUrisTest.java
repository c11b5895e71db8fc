package io.millstream;

import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nothing listens on the ports of these: what is taken connects in the background. */
class RedisUrisTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "redis://127.0.0.1:1",
        "rediss://user:pass%40word@127.0.0.1:1/3",
        "redis://127.0.0.1:1?timeout=3s",
        "redis://[::1]:1",
        "redis-sentinel://127.0.0.1:1#m",
        "redis-sentinel://:pw@127.0.0.1:1,127.0.0.1:2,localhost/0#m",
        "rediss-sentinel://127.0.0.1:1,127.0.0.1:2?sentinelMasterId=m",
        "redis-cluster://127.0.0.1:1",
        "redis-cluster://user:pw@127.0.0.1:1,127.0.0.1:2,127.0.0.1",
        "rediss-cluster://127.0.0.1:1,127.0.0.1:2?verifyPeer=NONE"
      })
  void isTaken(String uri) {
    assertThatNoException().isThrownBy(() -> Millstream.connect(uri).close());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "localhost:6379",
        "http://localhost",
        "redis://h:port",
        "redis://h1,h2",
        "redis-sentinel://h1,h2",
        "redis-sentinel://h1:x,h2#m",
        "redis-cluster://",
        "redis-cluster://h1,,h2",
        "redis-cluster://h1:x,h2:2",
        "redis-cluster://h1/1",
        "redis-cluster://user:secret@h1:x"
      })
  void isRefusedInOneLineThatSaysWhatIsAllowedAndNoPassword(String uri) {
    assertThatThrownBy(() -> Millstream.connect(uri).close())
        .isInstanceOf(IllegalArgumentException.class)
        .hasNoCause()
        .hasMessageStartingWith("uri: '")
        .hasMessageContaining("redis-cluster://[[user:]password@]host1[:port][,host2[:port]...]")
        .hasMessageNotContainingAny("secret", "\n");
  }
}
