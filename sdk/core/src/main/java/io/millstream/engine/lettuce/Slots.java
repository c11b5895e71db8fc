package io.millstream.engine.lettuce;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.protocol.CommandType;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which node of a cluster has which slot, as one of them says (CLUSTER SLOTS). Immutable. */
final class Slots {
  static final Slots NONE = new Slots(new @Nullable Address[SlotHash.SLOT_COUNT], Set.of());

  private final @Nullable Address[] owners;
  private final Set<Address> nodes;

  private Slots(@Nullable Address[] owners, Set<Address> nodes) {
    this.owners = owners;
    this.nodes = nodes;
  }

  static Call ask() {
    return Call.of(CommandType.CLUSTER, "SLOTS");
  }

  /**
   * Reads the reply: {@code [first slot, last slot, [host, port, ...] of the master, and of each
   * replica]}.
   *
   * @throws IllegalArgumentException if the node knows of no slot: it is in no cluster (any more)
   */
  static Slots parse(Object tree, Address asked) {
    @Nullable Address[] owners = new @Nullable Address[SlotHash.SLOT_COUNT];
    Set<Address> nodes = new LinkedHashSet<>();
    for (Object range : Decode.list(tree)) {
      List<@Nullable Object> parts = Decode.list(range);
      Address master = address(parts.get(2), asked);
      Arrays.fill(
          owners, (int) Decode.number(parts.get(0)), (int) Decode.number(parts.get(1)) + 1, master);
      for (Object node : parts.subList(2, parts.size())) {
        nodes.add(address(node, asked));
      }
    }
    if (nodes.isEmpty()) {
      throw new IllegalArgumentException("the node knows of no slots");
    }
    return new Slots(owners, nodes);
  }

  private static Address address(@Nullable Object tree, Address asked) {
    List<@Nullable Object> parts = Decode.list(tree);
    String host = parts.get(0) == null ? "" : Decode.text(parts.get(0));
    return Address.of(host, (int) Decode.number(parts.get(1)), asked);
  }

  /** The slot of a key. */
  static int of(byte[] key) {
    return SlotHash.getSlot(key);
  }

  /** The slot of a key, or of a channel. */
  static int of(String key) {
    return of(key.getBytes(UTF_8));
  }

  /** Who has the slot; null if nobody is known to. */
  @Nullable Address owner(int slot) {
    return owners[slot];
  }

  /** Whether a node has any slot. */
  boolean owns(Address node) {
    return Arrays.asList(owners).contains(node);
  }

  /** All masters that have slots, and their replicas. */
  Set<Address> nodes() {
    return nodes;
  }

  /** Whether every slot has the same owner in both. */
  boolean sameOwners(Slots other) {
    return Arrays.equals(owners, other.owners);
  }
}
