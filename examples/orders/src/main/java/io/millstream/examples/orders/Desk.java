package io.millstream.examples.orders;

import io.millstream.message.Message;
import io.millstream.message.MessageHandler;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** The handler of one worker: what it does with an order. */
final class Desk implements MessageHandler<Order> {
  /** Charging an order did not work. */
  static final class PaymentFailed extends RuntimeException {
    private static final long serialVersionUID = 1;

    PaymentFailed(String message) {
      super(message);
    }
  }

  private final String worker;
  private final Scenario scenario;
  private final Ledger ledger;
  private final Mono<Void> beyondShare;
  private final AtomicInteger share = new AtomicInteger(Scenario.SHARE);

  /**
   * A desk.
   *
   * @param beyondShare what an order waits for when the worker has had its share
   */
  Desk(String worker, Scenario scenario, Ledger ledger, Mono<Void> beyondShare) {
    this.worker = worker;
    this.scenario = scenario;
    this.ledger = ledger;
    this.beyondShare = beyondShare;
  }

  @Override
  public Mono<?> handle(Message<Order> message) {
    Order order = message.payload();
    long delivery = message.delivery();
    ledger.started(worker, order);
    if (scenario.isPoison(order)) {
      return work().then(fail(order, delivery, "the amount is in no known currency"));
    }
    if (scenario.failsAt(order, delivery)) {
      return work().then(fail(order, delivery, "the bank does not answer"));
    }
    return mayGoOn(order)
        .then(work())
        .then(Mono.fromRunnable(() -> ledger.handled(worker, order, delivery)));
  }

  private static Mono<Void> work() {
    return Mono.delay(Scenario.WORK, Schedulers.parallel()).then();
  }

  private Mono<Void> fail(Order order, long delivery, String why) {
    return Mono.defer(
        () -> {
          ledger.failed(worker, order, delivery, why);
          return Mono.error(new PaymentFailed(why));
        });
  }

  private Mono<Void> mayGoOn(Order order) {
    if (share.getAndDecrement() > 0) {
      return Mono.empty();
    }
    ledger.stuck(worker, order);
    return beyondShare;
  }
}
