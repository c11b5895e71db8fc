package io.millstream.spring.autoconfigure;

import io.millstream.codec.DecodeException;
import io.millstream.message.BatchOutcomes;
import io.millstream.message.Message;
import io.millstream.message.Outcome;
import io.millstream.worker.WorkerBuilder;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.support.AopUtils;
import org.springframework.util.ReflectionUtils;
import reactor.core.publisher.Mono;

/** A bean's method as a handler. */
final class ListenerMethod {
  private final Object bean;
  private final Method method;
  private final Signature signature;

  /**
   * A method of a bean.
   *
   * @param method as the bean's class has it
   */
  ListenerMethod(Object bean, Method method, Signature signature) {
    this.bean = bean;
    this.method = AopUtils.selectInvocableMethod(method, bean.getClass());
    this.signature = signature;
    ReflectionUtils.makeAccessible(this.method);
  }

  /** Makes it the worker's handler. */
  void handle(WorkerBuilder<?> builder, int batchSize) {
    Returned returned = signature.returned();
    if (signature.batch() && returned.blocks()) {
      builder.handleBlockingBatch(batchSize, batch -> outcomes(batch, call(batch)));
    } else if (signature.batch()) {
      builder.handleBatch(
          batchSize, batch -> returned.said(call(batch)).map(said -> outcomes(batch, said)));
    } else if (returned == Returned.OUTCOME) {
      builder.handleBlockingOutcome(
          message ->
              (Outcome)
                  Objects.requireNonNull(call(List.of(message)), "the listener returned null"));
    } else if (returned.blocks()) {
      builder.handleBlocking(message -> call(List.of(message)));
    } else {
      builder.handle(this::start);
    }
  }

  private Mono<?> start(Message<?> message) throws Exception {
    Object value;
    try {
      value = call(List.of(message));
    } catch (DecodeException e) {
      return Mono.just(Outcome.deadLetter(String.valueOf(e.getMessage())));
    }
    return signature.returned().said(value);
  }

  private static BatchOutcomes outcomes(List<? extends Message<?>> batch, @Nullable Object said) {
    if (said instanceof BatchOutcomes each) {
      return each;
    }
    BatchOutcomes all = BatchOutcomes.ackAll();
    if (said instanceof Outcome outcome) {
      for (Message<?> message : batch) {
        all = all.with(message, outcome);
      }
    }
    return all;
  }

  private @Nullable Object call(List<? extends Message<?>> messages) throws Exception {
    List<Argument> wanted = signature.arguments();
    @Nullable Object[] arguments = new Object[wanted.size()];
    for (int i = 0; i < arguments.length; i++) {
      arguments[i] = wanted.get(i).of(messages);
    }
    try {
      return method.invoke(bean, arguments);
    } catch (InvocationTargetException e) {
      Throwable failure = e.getTargetException();
      if (failure instanceof Error error) {
        throw error;
      }
      throw failure instanceof Exception exception ? exception : e;
    }
  }
}
