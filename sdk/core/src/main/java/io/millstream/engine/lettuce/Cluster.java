package io.millstream.engine.lettuce;

import io.lettuce.core.RedisURI;
import io.millstream.engine.ConnectionEvent;
import io.millstream.engine.Reader;
import io.millstream.engine.RedisException;
import io.millstream.engine.Writer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * The nodes of a cluster. A command goes to the node that has its first key's slot, over a
 * connection that everything but blocking reads shares; that node is connected to when it is first
 * needed. Where a node says that the command belongs elsewhere (MOVED, ASK) it follows. A node that
 * has no slot any more, and is not there, is forgotten.
 */
final class Cluster implements Servers {
  /** How many nodes are asked for the slots, one after the other, before that counts as failed. */
  private static final int ASKED = 6;

  private final ClusterClient client;
  private final Scheduler scheduler;
  private final Settings settings;
  private final Topology topology;
  private final ClusterEvents events = new ClusterEvents(this);
  private final AtomicInteger questions = new AtomicInteger();
  private volatile @Nullable RedisURI login; // of any seed: all nodes have one password

  private final Object lock = new Object();
  private final Map<Address, Node> nodes = new HashMap<>(); // guarded by lock
  private boolean closed; // guarded by lock

  Cluster(ClusterClient client, Scheduler scheduler, Settings settings) {
    this.client = client;
    this.scheduler = scheduler;
    this.settings = settings;
    this.topology = new Topology(Mono.defer(this::ask), this::looked, scheduler, settings);
  }

  @Override
  public void connect() {
    topology.doubt();
  }

  // --- commands

  @Override
  public Mono<Object> send(Call call) {
    byte[] key = call.firstKey();
    if (key == null) {
      return Mono.error(new IllegalArgumentException(call + " has no key"));
    }
    int slot = Slots.of(key);
    return owner(slot).flatMap(owner -> send(call, new Redirect(owner, false), 0));
  }

  private Mono<Object> send(Call call, Redirect where, int followed) {
    SharedConnection shared = node(where.to()).shared();
    return (where.asking() ? shared.sendAsking(call) : shared.send(call))
        .onErrorResume(
            RedisException.class,
            error -> {
              Redirect next = follow(error, where.to(), followed);
              return next == null ? Mono.error(error) : send(call, next, followed + 1);
            });
  }

  /**
   * What an error of a node means for what is known of the cluster.
   *
   * @return where what failed belongs, or null if it has failed
   */
  @Nullable Redirect follow(RedisException error, Address asked, int followed) {
    Redirect next = Redirect.of(error, asked);
    boolean doubtful =
        next == null ? error.outcomeUnknown() || error.is("CLUSTERDOWN") : !next.asking();
    if (doubtful) {
      topology.doubt();
    }
    return followed < Redirect.MOST ? next : null;
  }

  /** Who has a slot; waits for the first look at the cluster, and for no other. */
  Mono<Address> owner(int slot) {
    return Mono.defer(
        () -> {
          Address owner = topology.slots().owner(slot);
          return owner == null
              ? topology.tried().then(Mono.defer(() -> knownOwner(slot)))
              : Mono.just(owner);
        });
  }

  private Mono<Address> knownOwner(int slot) {
    Slots slots = topology.slots();
    Address owner = slots.owner(slot);
    if (owner != null) {
      return Mono.just(owner);
    }
    topology.doubt();
    return Mono.error(
        slots == Slots.NONE
            ? topology.whyNot()
            : new RedisException("CLUSTERDOWN", "CLUSTERDOWN no node has slot " + slot));
  }

  /**
   * The node at an address, which is connected to from now on.
   *
   * @throws RedisException if all is over
   */
  Node node(Address address) {
    Node node = nodeUnlessClosed(address);
    if (node == null) {
      throw Errors.connection("the engine is closed");
    }
    return node;
  }

  private @Nullable Node nodeUnlessClosed(Address address) {
    Node node;
    synchronized (lock) {
      node = nodes.get(address);
      if (node != null || closed) {
        return node;
      }
      node = new Node(client.to(at(address)), scheduler, settings, " (" + address + ")");
      nodes.put(address, node);
    }
    node.events().subscribe(this::nodeChanged);
    node.connect();
    return node;
  }

  private RedisURI at(Address address) {
    RedisURI.Builder builder = RedisURI.builder(Objects.requireNonNull(login));
    return builder.withHost(address.host()).withPort(address.port()).build();
  }

  /** The link to the node that has a slot, or null; connects to it if it is not connected to. */
  @Nullable Link link(int slot) {
    Address owner = topology.slots().owner(slot);
    Node node = owner == null ? null : nodeUnlessClosed(owner);
    return node == null ? null : node.shared().link();
  }

  /** Whether every node that is in use is connected to. */
  boolean isWhole() {
    synchronized (lock) {
      return !nodes.isEmpty()
          && nodes.values().stream().allMatch(node -> node.shared().link() != null);
    }
  }

  // --- what changes

  private void nodeChanged(ConnectionEvent event) {
    if (event == ConnectionEvent.DISCONNECTED) {
      topology.doubt();
      events.lost();
    } else {
      events.changed();
    }
  }

  private void looked() {
    forgetNodesWithoutSlots();
    events.changed();
  }

  private void forgetNodesWithoutSlots() {
    List<Node> forgotten = new ArrayList<>();
    Slots slots = topology.slots();
    synchronized (lock) {
      for (Iterator<Map.Entry<Address, Node>> all = nodes.entrySet().iterator(); all.hasNext(); ) {
        Map.Entry<Address, Node> entry = all.next();
        if (entry.getValue().shared().isDown() && !slots.owns(entry.getKey())) {
          forgotten.add(entry.getValue());
          all.remove();
        }
      }
    }
    forgotten.forEach(node -> node.close().subscribe());
  }

  /** Somebody misses a node: another one may have its slots. */
  void seek() {
    topology.doubt();
  }

  // --- the topology

  /** Asks one node after the other until one answers; each time another one first. */
  private Mono<Slots> ask() {
    return client
        .seeds()
        .flatMap(
            seeds -> {
              login = seeds.get(0);
              List<Address> all = whomToAsk(seeds);
              return ask(all.subList(0, Math.min(ASKED, all.size())))
                  .doOnError(error -> client.renew());
            });
  }

  private Mono<Slots> ask(List<Address> those) {
    Mono<Slots> first = ask(those.get(0));
    return those.size() == 1
        ? first
        : first.onErrorResume(error -> ask(those.subList(1, those.size())));
  }

  private List<Address> whomToAsk(List<RedisURI> seeds) {
    List<Address> connected = new ArrayList<>();
    synchronized (lock) {
      nodes.forEach(
          (address, node) -> {
            if (node.shared().link() != null) {
              connected.add(address);
            }
          });
    }
    Set<Address> others = new LinkedHashSet<>(topology.slots().nodes());
    seeds.forEach(seed -> others.add(new Address(seed.getHost(), seed.getPort())));
    others.removeAll(connected);
    int turn = questions.getAndIncrement();
    List<Address> all = rotated(connected, turn);
    all.addAll(rotated(List.copyOf(others), turn));
    return all;
  }

  private static List<Address> rotated(List<Address> addresses, int turn) {
    List<Address> rotated = new ArrayList<>(addresses);
    Collections.rotate(rotated, -turn);
    return rotated;
  }

  private Mono<Slots> ask(Address address) {
    Node node;
    synchronized (lock) {
      node = nodes.get(address);
    }
    Mono<Object> answer =
        node != null && node.shared().link() != null ? node.send(Slots.ask()) : askOnce(address);
    return answer
        .timeout(
            settings.connectTimeout(),
            Mono.error(() -> Errors.connection("no answer from " + address)),
            scheduler)
        .map(tree -> Decode.reply(Slots.ask(), tree, reply -> Slots.parse(reply, address)));
  }

  /** On a connection that is there for one question. */
  private Mono<Object> askOnce(Address address) {
    return Mono.usingWhen(
        Mono.fromSupplier(() -> new Links(client.to(at(address)), scheduler, settings)),
        links -> links.openNameless().flatMap(link -> link.send(Slots.ask(), settings.connectTimeout())),
        Links::close);
  }

  // --- the rest

  @Override
  public Mono<Reader> openReader() {
    return topology
        .tried()
        .then(
            Mono.defer(
                () ->
                    topology.slots() == Slots.NONE
                        ? Mono.error(topology.whyNot())
                        : Mono.just(reader(new ClusterLinks(this)))));
  }

  @Override
  public Mono<Reader> openReader(String key) {
    ClusterLinks links = new ClusterLinks(this);
    return links.open(key).thenReturn(reader(links));
  }

  private Reader reader(ClusterLinks links) {
    return new ClusterReader(links, settings.commandTimeout());
  }

  @Override
  public Mono<Writer> openWriter(String key) {
    ClusterLinks links = new ClusterLinks(this);
    return links.open(key).thenReturn(new ClusterWriter(links, settings.commandTimeout()));
  }

  @Override
  public Mono<Link> openPubSub(String channel, Consumer<String> heard) {
    return owner(Slots.of(channel))
        .flatMap(owner -> node(owner).openPubSub(channel, heard))
        .doOnError(error -> topology.doubt());
  }

  @Override
  public Flux<ConnectionEvent> events() {
    return events.ofAll();
  }

  @Override
  public Flux<ConnectionEvent> events(String key) {
    return events.of(Slots.of(key));
  }

  @Override
  public Mono<Void> close() {
    return Mono.defer(
        () -> {
          List<Node> all;
          synchronized (lock) {
            closed = true;
            all = List.copyOf(nodes.values());
            nodes.clear();
          }
          topology.close(); // from here on no slot has a node
          events.close();
          return Flux.fromIterable(all).flatMap(Node::close).then(client.close());
        });
  }
}
