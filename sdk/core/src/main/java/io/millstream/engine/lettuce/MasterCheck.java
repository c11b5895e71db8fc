package io.millstream.engine.lettuce;

import io.lettuce.core.protocol.CommandType;
import io.millstream.engine.RedisException;
import java.time.Duration;
import reactor.core.publisher.Mono;

/**
 * Sees to it that links lead to a master. A failover may leave us with what was one: it answers
 * READONLY, for ever if nobody asks again where the master is. So that link is given up, and until
 * a server calls itself a master (ROLE) no other is handed out. Who may not ask ROLE endures
 * READONLY.
 */
final class MasterCheck {
  private volatile boolean doubtful;
  private volatile boolean untold;

  /**
   * For the links to one server.
   *
   * @param doubtful whether the first link is to be checked too
   */
  MasterCheck(boolean doubtful) {
    this.doubtful = doubtful;
  }

  /** Passes, or fails with READONLY; asks the server only if there is doubt. */
  Mono<Void> check(Link link, Duration patience) {
    return Mono.defer(() -> doubtful && !untold ? ask(link, patience) : Mono.empty());
  }

  private Mono<Void> ask(Link link, Duration patience) {
    Call role = Call.of(CommandType.ROLE);
    return link.send(role, patience)
        .map(tree -> Decode.reply(role, tree, reply -> Decode.text(Decode.list(reply).get(0))))
        .onErrorResume(RedisException.class, error -> putUpWith(error))
        .flatMap(
            is -> {
              if (!is.equals("master")) {
                return Mono.error(
                    new RedisException("READONLY", "READONLY the server is no master but a " + is));
              }
              return Mono.empty();
            });
  }

  private Mono<String> putUpWith(RedisException error) {
    if (!Errors.isRefusal(error)) {
      return Mono.error(error);
    }
    untold = true;
    return Mono.empty();
  }

  /** What a server answered to a command on a link. */
  void heard(RedisException error, Link link) {
    if (error.is("READONLY") && !untold) {
      doubtful = true;
      link.end(Errors.connection("the server is no master any more"));
    }
  }
}
