package io.millstream.examples.spring.orders;

import jakarta.validation.constraints.Positive;
import java.math.BigDecimal;

/** What is ordered, and what it costs. */
record Order(long id, @Positive BigDecimal amount) {}
