package io.millstream.examples.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millstream.examples.chaos.Line.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerTest {
  private static final String NAME = "worker-1.1";

  @TempDir private Path folder;

  private Ledger ledger() throws IOException {
    return new Ledger(NAME, LedgerReader.path(folder, NAME), () -> 1000);
  }

  @Test
  void aLineStandsInTheFileWhenItIsWritten() throws IOException {
    try (Ledger ledger = ledger()) {
      ledger.write(Event.OPEN, "me");
      ledger.write(Event.START, "1-0", 2L, "1-7");

      assertThat(Files.readString(LedgerReader.path(folder, NAME)))
          .isEqualTo("1 1000 open me\n2 1000 start 1-0 2 1-7\n");
    }
  }

  @Test
  void anInterruptedHandlerCanStillWrite() throws IOException {
    try (Ledger ledger = ledger()) {
      Thread.currentThread().interrupt();
      ledger.write(Event.END, "1-0", 1, "cancelled");
      assertThat(Thread.interrupted()).isTrue();
      ledger.write(Event.STOPPING);
    }
    assertThat(LedgerReader.readAll(folder)).hasSize(2);
  }

  @Test
  void isReadBackAsItWasWritten() throws IOException {
    try (Ledger ledger = ledger()) {
      ledger.write(Event.START, "1-0", 2L, "1-7");
      ledger.write(Event.STOPPED);
    }
    Files.writeString(folder.resolve("worker-1.1.log"), "no ledger");

    assertThat(LedgerReader.readAll(folder))
        .containsExactly(
            new Line(NAME, 1, 1000, Event.START, List.of("1-0", "2", "1-7")),
            new Line(NAME, 2, 1000, Event.STOPPED, List.of()));
  }

  @Test
  void aLineThatTheProcessWasKilledInIsLeftOut() {
    String whole = "1 1000 start 1-0 1 1-7\n";

    assertThat(LedgerReader.parse(NAME, whole + "2 1000 effect 1-0 1"))
        .extracting(Line::event)
        .containsExactly(Event.START);
    assertThat(LedgerReader.parse(NAME, whole + "2")).hasSize(1);
    assertThat(LedgerReader.parse(NAME, "1 10")).isEmpty();
    assertThat(LedgerReader.parse(NAME, "")).isEmpty();
  }

  @Test
  void aLineThatIsMissingOrUnreadableIsAnError() {
    assertThatThrownBy(() -> LedgerReader.parse(NAME, "1 1000 stopping\n3 1000 stopped\n"))
        .hasMessage("ledger of worker-1.1: line 2 is missing");
    assertThatThrownBy(() -> LedgerReader.parse(NAME, "1 1000 stop\n"))
        .hasMessage("ledger of worker-1.1: not a line: 1 1000 stop");
    assertThatThrownBy(() -> LedgerReader.parse(NAME, "1 1000\n2 1000 stopped\n"))
        .hasMessageStartingWith("ledger of worker-1.1: not a line: 1 1000");
  }
}
