package io.millstream.engine.lettuce;

import static io.lettuce.core.protocol.CommandType.EVAL;
import static io.lettuce.core.protocol.CommandType.EVALSHA;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.lettuce.core.protocol.CommandType;
import io.millstream.engine.RedisException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/** A Lua script: sent by its digest, and whole where the server does not know it (yet). */
final class Script {
  private final String body;
  private final String digest;

  private Script(String body) {
    this.body = body;
    this.digest = sha1(body);
  }

  /** From resource files beside this class, one after the other. */
  static Script load(String... resources) {
    StringBuilder body = new StringBuilder();
    for (String resource : resources) {
      body.append(read(resource));
    }
    return new Script(body.toString());
  }

  /** Its SHA-1 in hexadecimal, by which EVALSHA knows it. */
  String digest() {
    return digest;
  }

  /**
   * Runs it.
   *
   * @param args adds its arguments to the command
   */
  <T> Mono<T> run(
      Sender sender, List<String> keys, Consumer<Call> args, Function<Object, T> decode) {
    Mono<T> whole = Mono.defer(() -> sender.send(call(EVAL, body, keys, args), decode));
    return sender
        .send(call(EVALSHA, digest, keys, args), decode)
        .onErrorResume(RedisException.class, e -> e.is("NOSCRIPT") ? whole : Mono.error(e));
  }

  private static Call call(
      CommandType command, String script, List<String> keys, Consumer<Call> args) {
    Call call = Call.of(command, script).number(keys.size());
    keys.forEach(call::key);
    args.accept(call);
    return call;
  }

  private static String read(String resource) {
    try (InputStream in = Script.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("no such resource: " + resource);
      }
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String sha1(String text) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-1").digest(text.getBytes(UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-1", e);
    }
  }
}
