package io.millstream.test.redis;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** Reads how long a command may wait. */
final class Timeouts {
  private static final long LONGEST = Long.MAX_VALUE / 4;

  private Timeouts() {}

  /** In milliseconds; 0 means without end. */
  static long millis(Request request, int i) {
    long millis = request.number(i, "timeout is not an integer or out of range");
    return checked(millis);
  }

  /** In seconds, which may have a fraction; 0 means without end. */
  static long seconds(Request request, int i) {
    BigDecimal millis;
    try {
      millis = new BigDecimal(request.text(i)).movePointRight(3);
    } catch (NumberFormatException e) {
      throw Failures.err("timeout is not a float or out of range");
    }
    if (millis.abs().compareTo(BigDecimal.valueOf(LONGEST)) > 0) {
      throw Failures.err("timeout is out of range");
    }
    return checked(millis.setScale(0, RoundingMode.UP).longValueExact());
  }

  private static long checked(long millis) {
    if (millis < 0) {
      throw Failures.err("timeout is negative");
    }
    if (millis > LONGEST) {
      throw Failures.err("timeout is out of range");
    }
    return millis;
  }
}
