package io.millstream.spring.autoconfigure;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Shows what is wrong and what to do in place of a stack trace. */
final class MisconfiguredFailureAnalyzer extends AbstractFailureAnalyzer<MisconfiguredException> {
  @Override
  protected FailureAnalysis analyze(Throwable rootFailure, MisconfiguredException cause) {
    return new FailureAnalysis(cause.description(), cause.action(), cause);
  }
}
