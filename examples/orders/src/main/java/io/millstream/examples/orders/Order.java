package io.millstream.examples.orders;

import java.math.BigDecimal;

/** What travels through the stream, as JSON. */
record Order(int number, String customer, BigDecimal amount) {}
