package io.millstream.engine;

import static io.millstream.engine.Signal.HEARD;
import static io.millstream.engine.Signal.LISTENING;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;

/** PUBLISH and SUBSCRIBE, as {@link Signals} describes them. */
abstract class SignalsContract extends EngineContract {
  private final List<Disposable> subscriptions = new ArrayList<>();

  SignalsContract(Supplier<EngineFixture> fixtures) {
    super(fixtures);
  }

  @AfterEach
  void listenNoMore() {
    subscriptions.forEach(Disposable::dispose);
  }

  /** What a listener was told; it listens already. */
  private List<Signal> listen(Engine of, String channel) {
    List<Signal> told = new CopyOnWriteArrayList<>();
    subscriptions.add(of.signals().listen(channel).subscribe(told::add));
    await("listening to " + channel, () -> !told.isEmpty());
    return told;
  }

  private long publish(Engine by, String channel) {
    return get(by.signals().publish(channel));
  }

  private static void awaitTold(List<Signal> told, Signal... expected) {
    await("told " + List.of(expected), () -> told.size() >= expected.length);
    assertThat(told).containsExactly(expected);
  }

  @Test
  void signalIsHeardByThoseWhoListenToItsChannel() {
    List<Signal> here = listen(engine, key);
    List<Signal> there = listen(fixture.other(), key);
    List<Signal> elsewhere = listen(fixture.other(), key + ":elsewhere");
    assertThat(publish(engine, key)).isEqualTo(2);
    awaitTold(here, LISTENING, HEARD);
    awaitTold(there, LISTENING, HEARD);
    assertThat(publish(engine, key + ":elsewhere")).isEqualTo(1);
    awaitTold(elsewhere, LISTENING, HEARD);
    assertThat(here).containsExactly(LISTENING, HEARD);
    assertThat(there).containsExactly(LISTENING, HEARD);
  }

  @Test
  void eachSignalIsHeardInTurn() {
    List<Signal> told = listen(engine, key);
    for (int i = 0; i < 3; i++) {
      assertThat(publish(fixture.other(), key)).isEqualTo(1);
    }
    awaitTold(told, LISTENING, HEARD, HEARD, HEARD);
  }

  @Test
  void signalThatNobodyListensToIsLost() {
    assertThat(publish(engine, key)).isZero();
    List<Signal> told = listen(engine, key);
    assertThat(publish(engine, key)).isEqualTo(1);
    awaitTold(told, LISTENING, HEARD);
  }

  @Test
  void listenersOfOneEngineShareAConnection() {
    List<Signal> first = listen(engine, key);
    List<Signal> second = listen(engine, key);
    assertThat(publish(engine, key)).isEqualTo(1);
    awaitTold(first, LISTENING, HEARD);
    awaitTold(second, LISTENING, HEARD);
  }

  @Test
  void cancellingUnsubscribes() {
    List<Signal> told = listen(engine, key);
    List<Signal> stays = listen(engine, key + ":stays");
    subscriptions.get(0).dispose();
    await("nobody listens", () -> publish(engine, key) == 0);
    assertThat(told).containsOnlyOnce(LISTENING);
    assertThat(publish(engine, key + ":stays")).isEqualTo(1);
    awaitTold(stays, LISTENING, HEARD);
    subscriptions.get(1).dispose();
    await("nobody listens", () -> publish(engine, key + ":stays") == 0);
    awaitTold(listen(engine, key), LISTENING);
    assertThat(publish(engine, key)).isEqualTo(1);
  }

  @Test
  void slowListenerGetsTheLatestOnly() {
    List<Signal> watched = listen(engine, key);
    List<Signal> told = new CopyOnWriteArrayList<>();
    var slow =
        new BaseSubscriber<Signal>() {
          @Override
          protected void hookOnSubscribe(Subscription subscription) {
            // asks for nothing yet
          }

          @Override
          protected void hookOnNext(Signal signal) {
            told.add(signal);
          }
        };
    subscriptions.add(slow);
    engine.signals().listen(key).subscribe(slow);
    slow.request(1);
    awaitTold(told, LISTENING);
    for (int i = 0; i < 3; i++) {
      assertThat(publish(engine, key)).isEqualTo(1);
    }
    awaitTold(watched, LISTENING, HEARD, HEARD, HEARD);
    slow.request(1);
    awaitTold(told, LISTENING, HEARD);
  }

  @Test
  void listenersCompleteWhenTheEngineIsClosed() {
    Engine closed = fixture.open();
    var completed = closed.signals().listen(key).then().toFuture();
    await("listening", () -> publish(engine, key) == 1);
    run(closed.close());
    await("completes", completed::isDone);
    assertThat(completed).isCompleted();
    await("nobody listens", () -> publish(engine, key) == 0);
    assertThat(closed.signals().listen(key).collectList().block(PATIENCE)).isEmpty();
    assertThat(errorOf(closed.signals().publish(key)).code()).isEqualTo(RedisException.CONNECTION);
  }

  @Test
  void channelsAreNoKeys() {
    fixture.putString(key);
    List<Signal> told = listen(engine, key);
    assertThat(publish(engine, key)).isEqualTo(1);
    awaitTold(told, LISTENING, HEARD);
  }

  @Test
  void namesOfChannelsMayHaveAnyCharacter() {
    String channel = key + ":\u00fcml\u00e4ut \u4e2d";
    List<Signal> told = listen(engine, channel);
    assertThat(publish(fixture.other(), channel)).isEqualTo(1);
    awaitTold(told, LISTENING, HEARD);
  }
}
