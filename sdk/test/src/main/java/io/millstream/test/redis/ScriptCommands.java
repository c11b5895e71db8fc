package io.millstream.test.redis;

import io.millstream.engine.RedisException;
import io.millstream.engine.lettuce.StepScript;
import io.millstream.test.redis.Command.Flags;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * EVALSHA, EVAL and SCRIPT for Millstream's own scripts, which are known by their digest. There is
 * no Lua here: what a script does is a step of the engine.
 */
final class ScriptCommands {
  private static final Map<String, StepScript> KNOWN =
      Arrays.stream(StepScript.values())
          .collect(Collectors.toUnmodifiableMap(StepScript::digest, Function.identity()));

  void addTo(CommandTable table) {
    table
        .add("evalsha", -3, Flags.WRITE, ScriptCommands::evalSha)
        .add("eval", -3, Flags.WRITE, ScriptCommands::eval)
        .add("script|load", 3, Flags.CONNECTION, ScriptCommands::load)
        .add("script|exists", -3, Flags.CONNECTION, ScriptCommands::exist);
  }

  private static Reply evalSha(Client client, Request request) {
    return run(
        client,
        request,
        known(request.lower(1))
            .orElseThrow(() -> RedisException.of("NOSCRIPT No matching script. Please use EVAL.")));
  }

  private static Reply eval(Client client, Request request) {
    return run(client, request, ours(request.bytes(1)));
  }

  private static Reply load(Client client, Request request) {
    return Reply.bulk(ours(request.bytes(2)).digest());
  }

  private static Reply exist(Client client, Request request) {
    return new Reply.Array(
        request.texts(2).stream()
            .map(digest -> Reply.flag(known(digest.toLowerCase(Locale.ROOT)).isPresent()))
            .toList());
  }

  private static Optional<StepScript> known(String digest) {
    return Optional.ofNullable(KNOWN.get(digest));
  }

  private static StepScript ours(byte[] body) {
    return known(sha1(body))
        .orElseThrow(
            () -> Failures.err("this Redis in memory runs no Lua, only Millstream's own scripts"));
  }

  private static Reply run(Client client, Request request, StepScript script) {
    long keys = request.number(2);
    if (keys < 0) {
      throw Failures.err("Number of keys can't be negative");
    }
    List<String> words = request.texts(3);
    if (keys > words.size()) {
      throw Failures.err("Number of keys can't be greater than number of args");
    }
    StepCall call = new StepCall(words.subList(0, (int) keys), request.rest(3 + (int) keys));
    return new Steps(client.database().engine()).run(script, call);
  }

  private static String sha1(byte[] text) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(text));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-1", e);
    }
  }
}
