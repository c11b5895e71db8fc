package io.millstream.examples.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millstream.engine.lettuce.StepScript;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Millstream's own scripts, as they lie beside the engine for Redis. */
final class Scripts {
  private Scripts() {}

  /** In the order of {@link StepScript}. */
  static List<String> bodies() {
    return Arrays.stream(StepScript.values())
        .map(script -> script.name().toLowerCase(Locale.ROOT).replace('_', '-'))
        .map(name -> read("common") + read(name))
        .toList();
  }

  private static String read(String name) {
    String resource = "/io/millstream/engine/lettuce/" + name + ".lua";
    try (InputStream in = Scripts.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("no such resource: " + resource);
      }
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
