package io.millstream.examples.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Reads what processes wrote into their {@link Ledger}s. */
final class LedgerReader {
  private static final String SUFFIX = ".ledger";

  private LedgerReader() {}

  /** The ledger of a process. */
  static Path path(Path folder, String process) {
    return folder.resolve(process + SUFFIX);
  }

  /** All ledgers of a folder, one after the other. */
  static List<Line> readAll(Path folder) throws IOException {
    List<Line> lines = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(path -> path.toString().endsWith(SUFFIX)).sorted().toList()) {
        String name = String.valueOf(file.getFileName());
        String process = name.substring(0, name.length() - SUFFIX.length());
        lines.addAll(parse(process, Files.readString(file, UTF_8)));
      }
    }
    return lines;
  }

  /**
   * The lines of one ledger. What stands behind the last line end was being written when the
   * process was killed, and is left out.
   *
   * @throws IllegalArgumentException if a line is missing or cannot be read
   */
  static List<Line> parse(String process, String text) {
    String whole = text.substring(0, text.lastIndexOf('\n') + 1);
    List<Line> lines = whole.lines().map(line -> Line.parse(process, line)).toList();
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).number() != i + 1) {
        throw new IllegalArgumentException(
            "ledger of " + process + ": line " + (i + 1) + " is missing");
      }
    }
    return lines;
  }
}
