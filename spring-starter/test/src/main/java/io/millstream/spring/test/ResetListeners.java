package io.millstream.spring.test;

import org.springframework.context.ApplicationContext;
import org.springframework.test.context.TestContext;
import org.springframework.test.context.TestExecutionListener;

/** Makes a clean start for the next test of the same application. */
final class ResetListeners implements TestExecutionListener {
  @Override
  public void afterTestMethod(TestContext test) {
    if (test.hasApplicationContext()) {
      ApplicationContext context = test.getApplicationContext();
      context.getBeanProvider(VirtualListeners.class).ifAvailable(VirtualListeners::reset);
    }
  }
}
