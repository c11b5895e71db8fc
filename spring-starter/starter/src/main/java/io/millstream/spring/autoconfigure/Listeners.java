package io.millstream.spring.autoconfigure;

import io.millstream.Millstream;
import io.millstream.codec.MessageStream;
import io.millstream.spring.ListenerRegistry;
import io.millstream.spring.autoconfigure.ListenerScan.Found;
import io.millstream.worker.Worker;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.context.SmartLifecycle;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * All listeners, from the beans' creation to their end. They start after everything else that
 * starts, and stop before it.
 */
final class Listeners implements ListenerRegistry, SmartInitializingSingleton, SmartLifecycle {
  static final int PHASE = Integer.MAX_VALUE - 100;

  private static final Logger log = LoggerFactory.getLogger(Listeners.class);

  private final ListenerScan scan;
  private final ListenerAssembler assembler;
  private final MillstreamProperties properties;
  private Map<String, Listener> all = Map.of(); // set once, before anybody asks
  private volatile boolean running;

  Listeners(ListenerScan scan, ListenerAssembler assembler, MillstreamProperties properties) {
    this.scan = scan;
    this.assembler = assembler;
    this.properties = properties;
  }

  @Override
  public void afterSingletonsInstantiated() {
    Map<String, Listener> found = new LinkedHashMap<>();
    Map<String, Found> places = new LinkedHashMap<>();
    for (Found place : scan.find()) {
      Listener listener = assembler.assemble(place.bean(), place.beanType(), place.method());
      Found other = places.putIfAbsent(listener.id(), place);
      if (other != null) {
        throw new MisconfiguredException(
            "Two listeners have the id '"
                + listener.id()
                + "': "
                + name(other)
                + " and "
                + name(place)
                + ".",
            "Give one of them another: @MillstreamListener(id = \"...\").");
      }
      found.put(listener.id(), listener);
    }
    all = Collections.unmodifiableMap(found);
    warnOfUnknown();
  }

  private static String name(Found found) {
    return found.beanType().getName()
        + "."
        + found.method().getName()
        + " (bean '"
        + found.bean()
        + "')";
  }

  private void warnOfUnknown() {
    for (String key : properties.getListeners().keySet()) {
      if (all.keySet().stream().noneMatch(id -> ListenerAssembler.isKeyOf(key, id))) {
        log.warn(
            "millstream.listeners.{}: no listener has this id; there are {}", key, all.keySet());
      }
    }
  }

  @Override
  public void start() {
    running = true;
    List<Listener> started = new ArrayList<>();
    for (Listener listener : all.values()) {
      if (listener.autoStartup()) {
        listener.start();
        started.add(listener);
      }
    }
    if (properties.isFailFast()) {
      awaitRunning(started);
    }
  }

  private void awaitRunning(List<Listener> started) {
    try {
      Flux.fromIterable(started)
          .flatMap(listener -> listener.worker().whenRunning())
          .then()
          .block(properties.getFailFastTimeout());
    } catch (IllegalStateException e) { // one has failed, or the time is up
      String why =
          started.stream()
              .filter(listener -> listener.worker().trouble().isPresent())
              .map(listener -> listener.id() + ": " + listener.worker().trouble().orElseThrow())
              .collect(Collectors.joining("; "));
      stop();
      throw new MisconfiguredException(
          "Not all listeners have got through to Redis within "
              + properties.getFailFastTimeout()
              + (why.isEmpty() ? "." : ": " + why + "."),
          "See to the server, or let them wait for it with millstream.fail-fast=false.",
          e);
    }
  }

  @Override
  public void stop() {
    stopping().block();
  }

  @Override
  public void stop(Runnable callback) {
    stopping().doFinally(signal -> callback.run()).subscribe();
  }

  private Mono<Void> stopping() {
    running = false;
    return Flux.fromIterable(all.values()).flatMap(Listener::stop, Integer.MAX_VALUE).then();
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  @Override
  public int getPhase() {
    return PHASE;
  }

  @Override
  public Set<String> ids() {
    return all.keySet();
  }

  @Override
  public Worker worker(String id) {
    return listener(id).worker();
  }

  @Override
  public MessageStream<?> stream(String id) {
    return listener(id).stream();
  }

  @Override
  public Millstream millstream(String id) {
    return listener(id).millstream();
  }

  @Override
  public void start(String id) {
    listener(id).start();
  }

  @Override
  public Mono<Void> stop(String id) {
    return listener(id).stop();
  }

  @Override
  public Mono<Void> pause(String id) {
    return worker(id).pause();
  }

  @Override
  public void resume(String id) {
    worker(id).resume();
  }

  private Listener listener(String id) {
    Listener listener = all.get(id);
    if (listener == null) {
      throw new IllegalArgumentException("listener: '" + id + "', expected one of " + all.keySet());
    }
    return listener;
  }
}
