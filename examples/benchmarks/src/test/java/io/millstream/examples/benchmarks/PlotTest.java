package io.millstream.examples.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PlotTest {
  @Test
  void drawsABarForEachWithItsRateAndItsRatio() {
    Map<String, Double> rates = new LinkedHashMap<>();
    rates.put("lettuce", 500_000.0);
    rates.put("millstream", 550_000.0);

    String svg = Plot.bars(rates, 500_000);

    assertThat(svg).startsWith("<svg ").endsWith("</svg>\n");
    assertThat(svg).contains("lettuce</text>", "500,000 (1.00)", "millstream</text>");
    assertThat(svg).contains("550,000 (1.10)", "width=\"420\" height=\"24\" fill=\"#1b6ca8\"");
  }
}
