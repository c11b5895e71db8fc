package io.millstream.engine.lettuce;

import static io.lettuce.core.protocol.CommandType.SUBSCRIBE;
import static io.lettuce.core.protocol.CommandType.UNSUBSCRIBE;

import io.millstream.engine.RedisException;
import io.millstream.engine.Signal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.FluxSink;
import reactor.core.scheduler.Scheduler;

/**
 * Who listens to which channel, and the connection for it: opened at the first listener, closed
 * after the last, and replaced, with a backoff, when it is lost. Each channel is subscribed to
 * again in every command timeout: the server does not mind, and one that does not answer is found
 * out, which silence alone would not tell.
 */
final class Subscriptions {
  private static final Logger log = LoggerFactory.getLogger(Subscriptions.class);

  private static final class Channel {
    final String name;
    final Set<FluxSink<Signal>> listeners = new LinkedHashSet<>();
    boolean heard; // whether the current connection is subscribed to it

    Channel(String name) {
      this.name = name;
    }
  }

  private final Servers servers;
  private final Scheduler scheduler;
  private final Settings settings;
  private final AtomicBoolean refusalLogged = new AtomicBoolean();

  private final Object lock = new Object();
  private final Map<String, Channel> channels =
      new HashMap<>(); // guarded by lock, as what is in it
  private @Nullable Link current; // guarded by lock
  private boolean connecting; // guarded by lock: an attempt is under way, or due
  private boolean closed; // guarded by lock
  private int attempts; // guarded by lock
  private long connectedAt; // guarded by lock

  Subscriptions(Servers servers, Scheduler scheduler, Settings settings) {
    this.servers = servers;
    this.scheduler = scheduler;
    this.settings = settings;
  }

  void add(String name, FluxSink<Signal> listener) {
    boolean heard = false;
    boolean first = false;
    boolean connect = false;
    Channel channel;
    Link link;
    synchronized (lock) {
      if (closed) {
        channel = null;
        link = null;
      } else {
        channel = channels.computeIfAbsent(name, Channel::new);
        first = channel.listeners.isEmpty();
        channel.listeners.add(listener);
        heard = channel.heard;
        link = current;
        connect = link == null && !connecting;
        connecting |= connect;
      }
    }
    if (channel == null) {
      listener.complete();
      return;
    }
    listener.onDispose(() -> remove(channel, listener));
    if (heard) {
      listener.next(Signal.LISTENING);
    } else if (connect) {
      connect();
    } else if (first && link != null) {
      subscribe(link, channel);
    }
  }

  private void remove(Channel channel, FluxSink<Signal> listener) {
    Link link;
    boolean last;
    synchronized (lock) {
      if (!channel.listeners.remove(listener) || !channel.listeners.isEmpty()) {
        return;
      }
      channels.remove(channel.name, channel);
      link = current;
      last = channels.isEmpty();
      if (last) {
        current = null;
      }
    }
    if (link == null) {
      return;
    }
    if (last) {
      link.end(Errors.connection("nobody listens any more"));
    } else {
      link.send(Call.of(UNSUBSCRIBE, channel.name), settings.commandTimeout())
          .subscribe(null, error -> {});
    }
  }

  /** On a cluster at the node of one of the channels; every node hears what is published on any. */
  private void connect() {
    String channel;
    synchronized (lock) {
      channel = channels.isEmpty() ? "" : channels.keySet().iterator().next();
    }
    servers.openPubSub(channel, this::heard).subscribe(this::connected, error -> connectLater());
  }

  private void connected(Link link) {
    List<Channel> wanted;
    synchronized (lock) {
      connecting = false;
      wanted = List.copyOf(channels.values());
      if (!wanted.isEmpty()) {
        current = link;
        connectedAt = scheduler.now(TimeUnit.NANOSECONDS);
      }
    }
    if (wanted.isEmpty()) {
      link.end(Errors.connection("nobody listens any more"));
      return;
    }
    var unused = link.ended().thenAccept(why -> lost(link));
    wanted.forEach(channel -> subscribe(link, channel));
  }

  private void lost(Link link) {
    synchronized (lock) {
      if (current != link) {
        return;
      }
      current = null;
      channels.values().forEach(channel -> channel.heard = false);
      if (scheduler.now(TimeUnit.NANOSECONDS) - connectedAt > settings.maxDelay().toNanos()) {
        attempts = 0;
      }
      connecting = true;
    }
    connectLater();
  }

  private void connectLater() {
    Duration delay;
    synchronized (lock) {
      if (closed || channels.isEmpty()) {
        connecting = false;
        return;
      }
      delay = settings.delay(attempts++);
    }
    later(delay, this::connect);
  }

  private void later(Duration delay, Runnable task) {
    try {
      scheduler.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      log.error("Signals are not heard any more: the scheduler takes no more tasks", e);
    }
  }

  private void subscribe(Link link, Channel channel) {
    synchronized (lock) {
      if (current != link || channels.get(channel.name) != channel) {
        return;
      }
    }
    link.send(Call.of(SUBSCRIBE, channel.name), settings.commandTimeout())
        .subscribe(
            reply -> subscribed(link, channel), error -> refused(link, channel, Errors.of(error)));
  }

  private void subscribed(Link link, Channel channel) {
    List<FluxSink<Signal>> news = List.of();
    synchronized (lock) {
      if (current == link && !channel.heard) {
        channel.heard = true;
        news = List.copyOf(channel.listeners);
      }
    }
    news.forEach(listener -> listener.next(Signal.LISTENING));
    later(settings.commandTimeout(), () -> subscribe(link, channel));
  }

  /** If the connection is lost, that takes care of it. */
  private void refused(Link link, Channel channel, RedisException error) {
    if (error.outcomeUnknown()) {
      return;
    }
    if (refusalLogged.compareAndSet(false, true)) {
      log.warn("The server refuses SUBSCRIBE ({}): no signals are heard", Errors.text(error));
    }
    later(settings.commandTimeout(), () -> subscribe(link, channel));
  }

  private void heard(String name) {
    List<FluxSink<Signal>> listeners;
    synchronized (lock) {
      Channel channel = channels.get(name);
      listeners = channel == null ? List.of() : List.copyOf(channel.listeners);
    }
    listeners.forEach(listener -> listener.next(Signal.HEARD));
  }

  /** Completes all listeners; {@link Servers#close()} ends the connection. */
  void close() {
    List<FluxSink<Signal>> listeners = new ArrayList<>();
    synchronized (lock) {
      closed = true;
      channels.values().forEach(channel -> listeners.addAll(channel.listeners));
    }
    listeners.forEach(FluxSink::complete);
  }
}
