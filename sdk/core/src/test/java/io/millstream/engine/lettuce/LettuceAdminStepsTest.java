package io.millstream.engine.lettuce;

import static io.millstream.engine.lettuce.Engines.connected;
import static io.millstream.engine.lettuce.Engines.errorOf;
import static io.millstream.engine.lettuce.Engines.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.millstream.engine.AdminSteps.Names;
import io.millstream.engine.AdminSteps.Redrive;
import io.millstream.engine.CreateArgs;
import io.millstream.engine.RedisException;
import io.millstream.entry.EntryId;
import io.millstream.entry.Fields;
import io.millstream.testing.RespConnection;
import io.millstream.testing.TestRedis;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What only a real server can get wrong about an operator's steps. */
@Tag("redis")
class LettuceAdminStepsTest {
  private static final String USER = "may-not-delete";
  private static final Names NAMES = new Names("s-stream", "s-id", "s-group", "m-id", "m-group");

  private final String key = TestRedis.key();
  private final String box = TestRedis.key();

  @Test
  void redriveThatMayNotDeleteTheDeadLetterAddsNothing() {
    try (RespConnection admin = TestRedis.connect()) {
      admin.call("ACL", "SETUSER", USER, "reset", "on", ">pass", "~*", "+@all", "-xdel");
      LettuceEngine engine = connected(Engines.connect(uri(), Duration.ofSeconds(5)));
      try {
        get(engine.groups().create(key, "g", CreateArgs.from("0")).thenReturn(true));
        EntryId letter =
            get(
                engine
                    .streams()
                    .add(box, Fields.of("f", "v", "s-stream", key, "s-id", "1-0", "s-group", "g")));
        Redrive redrive = new Redrive(key, "g", box, NAMES, List.of(letter), false);

        RedisException error =
            Objects.requireNonNull(errorOf(engine.adminSteps().redrive(redrive)));

        assertThat(error.code()).isEqualTo("NOPERM");
        assertThat(get(engine.streams().length(key))).isZero();
        assertThat(get(engine.streams().length(box))).isEqualTo(1);
      } finally {
        engine.close().block();
        admin.call("ACL", "DELUSER", USER);
      }
    }
  }

  private static String uri() {
    URI server = URI.create(TestRedis.uri());
    return "redis://" + USER + ":pass@" + server.getHost() + ":" + server.getPort();
  }
}
