package io.millstream.engine.lettuce;

import io.millstream.engine.ConnectionEvent;
import io.millstream.engine.Reader;
import io.millstream.engine.Writer;
import java.util.function.Consumer;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** One server, or one node of a cluster: all connections to it. */
final class Node implements Servers {
  private final Connector connector;
  private final Settings settings;
  private final Links links;
  private final SharedConnection shared;

  /**
   * Not yet connected.
   *
   * @param where for log lines; empty if there is no other
   */
  Node(Connector connector, Scheduler scheduler, Settings settings, String where) {
    this.connector = connector;
    this.settings = settings;
    this.links = new Links(connector, scheduler, settings);
    this.shared = new SharedConnection(links, scheduler, settings, where);
  }

  /** The connection for everything but blocking reads. */
  SharedConnection shared() {
    return shared;
  }

  /** A new link for blocking reads. */
  Mono<Link> openLink() {
    return links.open();
  }

  @Override
  public void connect() {
    shared.connect();
  }

  @Override
  public Mono<Object> send(Call call) {
    return shared.send(call);
  }

  @Override
  public Mono<Reader> openReader() {
    return openLink().map(link -> new LettuceReader(link, shared, settings.commandTimeout()));
  }

  @Override
  public Mono<Reader> openReader(String key) {
    return openReader();
  }

  @Override
  public Mono<Writer> openWriter(String key) {
    return openLink().map(link -> new LettuceWriter(link, shared, settings.commandTimeout()));
  }

  @Override
  public Mono<Link> openPubSub(String channel, Consumer<String> heard) {
    return links.openPubSub(heard);
  }

  @Override
  public Flux<ConnectionEvent> events() {
    return shared.events();
  }

  @Override
  public Flux<ConnectionEvent> events(String key) {
    return shared.events();
  }

  @Override
  public Mono<Void> close() {
    return Mono.defer(
        () -> {
          shared.close();
          return links.close().then(connector.close());
        });
  }
}
