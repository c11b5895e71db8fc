package io.millstream.spring.autoconfigure;

import io.millstream.spring.WorkerCustomizer;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnThreading;
import org.springframework.boot.thread.Threading;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.task.VirtualThreadTaskExecutor;
import org.springframework.core.task.support.ExecutorServiceAdapter;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Virtual threads for listeners that block, where {@code spring.threads.virtual.enabled} says so;
 * not in tests on virtual time, where everything runs on the test's thread.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnThreading(Threading.VIRTUAL)
@ConditionalOnMissingBean(type = "io.millstream.test.TestMillstream")
class MillstreamThreadsConfiguration {
  @Bean
  @Order(Ordered.HIGHEST_PRECEDENCE)
  WorkerCustomizer millstreamVirtualThreads() {
    Scheduler threads =
        Schedulers.fromExecutorService(
            new ExecutorServiceAdapter(new VirtualThreadTaskExecutor("millstream-")),
            "millstream-virtual");
    return (id, builder) -> builder.blockingOn(threads);
  }
}
