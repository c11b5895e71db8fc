package io.millstream.spring.test.app;

import org.springframework.stereotype.Service;

/** What listeners need. */
@Service
public class Billing {
  /** Charges an order. */
  public void charge(Order order) {
    throw new IllegalStateException("no billing here");
  }
}
