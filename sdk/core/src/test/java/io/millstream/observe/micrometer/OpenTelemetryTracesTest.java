package io.millstream.observe.micrometer;

import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.otel.bridge.OtelCurrentTraceContext;
import io.micrometer.tracing.otel.bridge.OtelPropagator;
import io.micrometer.tracing.otel.bridge.OtelTracer;
import io.micrometer.tracing.propagation.Propagator;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;

/** Traces in OpenTelemetry. */
class OpenTelemetryTracesTest extends TracesContract {
  private final InMemorySpanExporter exporter = InMemorySpanExporter.create();
  private final io.opentelemetry.api.trace.Tracer tracer =
      SdkTracerProvider.builder()
          .addSpanProcessor(SimpleSpanProcessor.create(exporter))
          .build()
          .get("test");

  @BeforeEach
  void begin() {
    trace();
  }

  @Override
  Tracer tracer() {
    return new OtelTracer(tracer, new OtelCurrentTraceContext(), event -> {});
  }

  @Override
  Propagator propagator() {
    return new OtelPropagator(
        ContextPropagators.create(W3CTraceContextPropagator.getInstance()), tracer);
  }

  @Override
  List<Span> spans() {
    return exporter.getFinishedSpanItems().stream().map(OpenTelemetryTracesTest::span).toList();
  }

  private static Span span(SpanData data) {
    Map<String, String> tags = new HashMap<>();
    data.getAttributes().forEach((key, value) -> tags.put(key.getKey(), String.valueOf(value)));
    return new Span(
        data.getName(),
        data.getTraceId(),
        data.getSpanId(),
        data.getParentSpanContext().isValid() ? data.getParentSpanId() : null,
        data.getKind().name(),
        data.getStatus().getStatusCode() == StatusCode.ERROR,
        tags);
  }
}
