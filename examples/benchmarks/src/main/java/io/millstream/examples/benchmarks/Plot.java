package io.millstream.examples.benchmarks;

import java.util.Collections;
import java.util.Locale;
import java.util.Map;

/** Draws rates as horizontal bars (SVG), each with its number and its ratio to the limit. */
final class Plot {
  private static final int LABELS = 150;
  private static final int LONGEST_BAR = 420;
  private static final int ROW = 34;
  private static final int NUMBERS = 190;

  private Plot() {}

  static String bars(Map<String, Double> rates, double limit) {
    double most = Collections.max(rates.values());
    int width = LABELS + LONGEST_BAR + NUMBERS;
    int height = ROW * (rates.size() + 1) + 10;
    StringBuilder svg = new StringBuilder();
    svg.append(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"13\">%n"
            .formatted(width, height, width, height));
    svg.append("<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n");
    svg.append(
        "<text x=\"%d\" y=\"22\" font-weight=\"bold\">messages per second, and the ratio to the raw loop</text>%n"
            .formatted(LABELS));
    int row = 1;
    for (Map.Entry<String, Double> each : rates.entrySet()) {
      int top = ROW * row++;
      int bar = (int) Math.max(1, Math.round(LONGEST_BAR * each.getValue() / most));
      String fill = each.getKey().startsWith("millstream") ? "#1b6ca8" : "#9aa5ae";
      svg.append(
          "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>%n"
              .formatted(LABELS - 8, top + 21, each.getKey()));
      svg.append(
          "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"%s\"/>%n"
              .formatted(LABELS, top + 4, bar, ROW - 10, fill));
      svg.append(
          String.format(
              Locale.ROOT,
              "<text x=\"%d\" y=\"%d\">%,.0f (%.2f)</text>%n",
              LABELS + bar + 8,
              top + 21,
              each.getValue(),
              each.getValue() / limit));
    }
    return svg.append("</svg>\n").toString();
  }
}
