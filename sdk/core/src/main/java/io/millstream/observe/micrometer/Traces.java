package io.millstream.observe.micrometer;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.contextpropagation.ObservationThreadLocalAccessor;
import io.millstream.entry.EntryId;
import io.millstream.message.Headers;
import io.millstream.observe.Arrival;
import io.millstream.observe.Processing;
import io.millstream.observe.Scope;
import io.millstream.observe.Sending;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * An Observation for each publish and each delivery. What hangs on a registry is the user's
 * (handlers, conventions, exporters), and may throw: a message must not suffer from it.
 */
final class Traces {
  private static final Logger log = LoggerFactory.getLogger(MicrometerObserver.class);

  private static final PublishConvention PUBLISH = new PublishConvention();
  private static final ProcessConvention PROCESS = new ProcessConvention();

  private final ObservationRegistry registry;
  private final AtomicBoolean said = new AtomicBoolean();

  Traces(ObservationRegistry registry) {
    this.registry = registry;
  }

  @Nullable Sending sending(String stream, Headers headers, ContextView context) {
    if (registry.isNoop()) {
      return null;
    }
    try {
      PublishContext known = new PublishContext(stream);
      Observation observation = Observation.createNotStarted(null, PUBLISH, () -> known, registry);
      // before the thread's own: in Reactor the thread is anybody's
      Observation parent = context.getOrDefault(ObservationThreadLocalAccessor.KEY, null);
      if (parent != null) {
        observation.parentObservation(parent);
      }
      observation.start();
      return new Published(observation, known, with(headers, known.added()));
    } catch (RuntimeException e) {
      failed(e);
      return null;
    }
  }

  private static Headers with(Headers headers, Map<String, String> added) {
    Headers all = headers;
    for (Map.Entry<String, String> each : added.entrySet()) {
      all = all.with(each.getKey(), each.getValue());
    }
    return all;
  }

  Processing processing(String stream, String group, String consumer, Arrival arrival) {
    if (registry.isNoop()) {
      return Processing.NONE;
    }
    try {
      ProcessContext known = new ProcessContext(stream, group, consumer, arrival);
      return new Delivered(Observation.start(null, PROCESS, () -> known, registry), known);
    } catch (RuntimeException e) {
      failed(e);
      return Processing.NONE;
    }
  }

  private void safely(Runnable step) {
    try {
      step.run();
    } catch (RuntimeException e) {
      failed(e);
    }
  }

  private void failed(RuntimeException e) {
    if (said.compareAndSet(false, true)) {
      log.warn("what listens to observations failed; this is said once", e);
    }
  }

  private final class Published implements Sending {
    private final Observation observation;
    private final PublishContext known;
    private final Headers headers;

    Published(Observation observation, PublishContext known, Headers headers) {
      this.observation = observation;
      this.known = known;
      this.headers = headers;
    }

    @Override
    public Headers headers() {
      return headers;
    }

    @Override
    public void written(EntryId id) {
      known.written(id);
      safely(observation::stop);
    }

    @Override
    public void failed(Throwable failure) {
      safely(() -> observation.error(failure));
      safely(observation::stop);
    }

    @Override
    public void cancelled() {
      safely(observation::stop);
    }
  }

  private final class Delivered implements Processing {
    private final Observation observation;
    private final ProcessContext known;

    Delivered(Observation observation, ProcessContext known) {
      this.observation = observation;
      this.known = known;
    }

    @Override
    public Context context() {
      return Context.of(ObservationThreadLocalAccessor.KEY, observation);
    }

    @Override
    public Scope open() {
      try {
        Observation.Scope scope = observation.openScope();
        return () -> safely(scope::close);
      } catch (RuntimeException e) {
        Traces.this.failed(e);
        return Scope.NONE;
      }
    }

    @Override
    public void ended(Result result, @Nullable Throwable cause) {
      known.ended(result);
      if (cause != null) {
        safely(() -> observation.error(cause));
      }
      safely(observation::stop);
    }
  }
}
