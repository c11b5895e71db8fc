package io.millstream.examples.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Millstream beside a raw Lettuce loop and Spring Data Redis, on a real server: how many messages
 * of 100 bytes per second each drains from a full stream with a handler that does nothing. Each
 * runs in a process of its own, and they take turns, so that what else the machine does falls on
 * all of them. Only ratios of one run mean anything.
 */
public final class Bench {
  private static final String STREAM = "bench";
  private static final int PAYLOAD_BYTES = 100;

  private final Options options;
  private final Server server;
  private final Map<Contender, List<Double>> rates = new LinkedHashMap<>();

  private Bench(Options options, Server server) {
    this.options = options;
    this.server = server;
  }

  /** Ends with 1 if Millstream is slower than {@code least} allows, or if a contender failed. */
  public static void main(String[] args) throws Exception {
    Options options = Options.parse(System.getProperties());
    boolean good;
    try (Server server = Server.start(options.binary())) {
      good = new Bench(options, server).run();
    }
    System.exit(good ? 0 : 1);
  }

  private boolean run() throws IOException, InterruptedException {
    System.out.printf(
        "%,d entries of %d bytes on Redis %s; %d rounds, each %d s to warm up and %d s to"
            + " measure%n",
        options.entries(),
        PAYLOAD_BYTES,
        server.version(),
        options.rounds(),
        options.seconds(),
        options.seconds());
    server.fill(STREAM, options.entries(), PAYLOAD_BYTES);
    for (int round = 0; round < options.rounds(); round++) {
      for (Contender contender : options.contenders()) {
        rates.computeIfAbsent(contender, unused -> new ArrayList<>()).add(measure(contender));
      }
    }
    Map<String, Double> medians = new LinkedHashMap<>();
    rates.forEach((contender, all) -> medians.put(contender.name(), median(all)));
    return report(medians);
  }

  private boolean report(Map<String, Double> medians) throws IOException {
    double limit = medians.getOrDefault("lettuce", Collections.max(medians.values()));
    System.out.printf(Locale.ROOT, "%n%-20s %12s %7s%n", "", "messages/s", "ratio");
    medians.forEach(
        (name, rate) ->
            System.out.printf(Locale.ROOT, "%-20s %,12.0f %7.2f%n", name, rate, rate / limit));
    if (options.plot().getParent() != null) {
      Files.createDirectories(options.plot().getParent());
    }
    Files.writeString(options.plot(), Plot.bars(medians, limit));
    System.out.printf("%nPlot: %s%n", options.plot());
    double worst =
        medians.entrySet().stream()
            .filter(each -> each.getKey().startsWith("millstream"))
            .mapToDouble(each -> each.getValue() / limit)
            .min()
            .orElse(options.least());
    if (worst < options.least()) {
      System.out.printf(
          Locale.ROOT,
          "%nMillstream is at %.2f of the raw loop, which is less than %.2f%n",
          worst,
          options.least());
    }
    return worst >= options.least();
  }

  private static double median(List<Double> values) {
    List<Double> sorted = new ArrayList<>(values);
    Collections.sort(sorted);
    return sorted.get(sorted.size() / 2);
  }

  /** Runs a contender in a process of its own. */
  private double measure(Contender contender) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElse("java"),
                "-Xms512m",
                "-Xmx1g",
                "-cp",
                System.getProperty("java.class.path"),
                Drain.class.getName(),
                contender.name(),
                Integer.toString(server.port()),
                STREAM,
                Integer.toString(options.entries()),
                Integer.toString(options.seconds()))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    double rate = 0;
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("RATE ")) {
          rate = Double.parseDouble(line.substring("RATE ".length()));
        }
      }
    } finally {
      process.destroy();
    }
    if (process.waitFor() != 0 || rate == 0) {
      throw new IllegalStateException(contender.name() + " failed");
    }
    System.out.printf(Locale.ROOT, "%-20s %,12.0f%n", contender.name(), rate);
    return rate;
  }
}
