package io.millstream.observe.micrometer;

import brave.Tracing;
import brave.handler.MutableSpan;
import brave.handler.SpanHandler;
import brave.propagation.CurrentTraceContext;
import brave.propagation.ThreadLocalCurrentTraceContext;
import brave.propagation.TraceContext;
import brave.sampler.Sampler;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.brave.bridge.BraveCurrentTraceContext;
import io.micrometer.tracing.brave.bridge.BravePropagator;
import io.micrometer.tracing.brave.bridge.BraveTracer;
import io.micrometer.tracing.brave.bridge.W3CPropagation;
import io.micrometer.tracing.propagation.Propagator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Traces in Brave. */
class BraveTracesTest extends TracesContract {
  private final List<Span> ended = new CopyOnWriteArrayList<>();
  private final CurrentTraceContext current = ThreadLocalCurrentTraceContext.create();
  private final Tracing tracing =
      Tracing.newBuilder()
          .currentTraceContext(current)
          .propagationFactory(new W3CPropagation())
          .sampler(Sampler.ALWAYS_SAMPLE)
          .supportsJoin(false)
          .traceId128Bit(true)
          .addSpanHandler(
              new SpanHandler() {
                @Override
                public boolean end(TraceContext context, MutableSpan span, Cause cause) {
                  ended.add(BraveTracesTest.span(span));
                  return true;
                }
              })
          .build();

  @BeforeEach
  void begin() {
    trace();
  }

  @AfterEach
  void closeTracing() {
    tracing.close();
  }

  @Override
  Tracer tracer() {
    return new BraveTracer(tracing.tracer(), new BraveCurrentTraceContext(current));
  }

  @Override
  Propagator propagator() {
    return new BravePropagator(tracing);
  }

  @Override
  List<Span> spans() {
    return List.copyOf(ended);
  }

  private static Span span(MutableSpan span) {
    Map<String, String> tags = new HashMap<>(span.tags());
    return new Span(
        span.name(),
        span.traceId(),
        span.id(),
        span.parentId(),
        String.valueOf(span.kind()),
        span.error() != null,
        tags);
  }
}
