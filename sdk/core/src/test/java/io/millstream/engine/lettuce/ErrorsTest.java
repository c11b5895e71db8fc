package io.millstream.engine.lettuce;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisConnectionException;
import io.millstream.engine.RedisException;
import java.net.ConnectException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ErrorsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "BUSYGROUP Consumer Group name already exists|BUSYGROUP|"
            + "BUSYGROUP Consumer Group name already exists",
        "ERR no such key|ERR|ERR no such key",
        // a script's error on 6.2: of a command, and of the server itself
        "ERR Error running script (call to f_1234567890abcdef1234567890abcdef12345678): "
            + "@user_script:1: @user_script: 1: NOGROUP No such key|NOGROUP|NOGROUP No such key",
        "@user_script: 12: -OOM command not allowed|OOM|OOM command not allowed",
        "@user_script: 12: OOM command not allowed|OOM|OOM command not allowed",
        // from 7.0 on
        "NOREPLICAS Not enough good replicas to write. script: abc123, on @user_script:12.|"
            + "NOREPLICAS|NOREPLICAS Not enough good replicas to write.",
        "ERR user_script:12: attempt to index a nil value script: abc123, on @user_script:12.|"
            + "ERR|attempt to index a nil value",
        // a right that is missing inside a script, on 6.2, 7.0 and later
        "@user_script: 1: The user executing the script can't run this command or subcommand|"
            + "NOPERM|NOPERM The user executing the script can't run this command or subcommand",
        "ERR The user executing the script can't access at least one of the keys|"
            + "NOPERM|NOPERM The user executing the script can't access at least one of the keys",
        "ERR ACL failure in script: User w has no permissions to run the 'xadd' command|"
            + "NOPERM|NOPERM ACL failure in script: User w has no permissions to run the 'xadd'"
            + " command"
      })
  void serversErrorsKeepTheirCodes(String text, String code, String message) {
    RedisException error = Errors.of(new RedisCommandExecutionException(text));

    assertThat(error.code()).isEqualTo(code);
    assertThat(error).hasMessage(message);
  }

  @Test
  void theServersWordIsFoundInsideLettucesExceptions() {
    RedisException error =
        Errors.of(
            new CompletionException(
                RedisConnectionException.create(
                    new RedisCommandExecutionException("WRONGPASS invalid password"))));

    assertThat(error.code()).isEqualTo("WRONGPASS");
    assertThat(error).hasMessage("WRONGPASS invalid password");
  }

  @Test
  void everythingElseIsTheConnectionOrTheTime() {
    assertThat(Errors.of(new CancellationException()).code()).isEqualTo(RedisException.CONNECTION);
    assertThat(Errors.of(new io.lettuce.core.RedisException("Connection closed")).code())
        .isEqualTo(RedisException.CONNECTION);
    assertThat(
            Errors.of(
                new RedisConnectionException("Unable to connect", new ConnectException("refused"))))
        .hasMessage("Unable to connect: refused")
        .satisfies(e -> assertThat(e.code()).isEqualTo(RedisException.CONNECTION));
    assertThat(Errors.of(new RedisCommandTimeoutException("slow")).code())
        .isEqualTo(RedisException.TIMEOUT);
    RedisException ours = new RedisException("BUSY", "BUSY enough");
    assertThat(Errors.of(new CompletionException(ours))).isSameAs(ours);
  }
}
