package io.millstream.spring.test;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;

/**
 * Lets the listeners and publishers of a {@code @SpringBootTest} work in memory and in virtual
 * time: no Redis, no port, no Docker. A {@code TestMillstream} can be injected; time stands still
 * but for its {@code advance}, and listeners run on the thread that calls it, those that block too.
 *
 * <p>{@code millstream.engine}, {@code millstream.fail-fast} and the {@code connectionFactory} of
 * listeners and publishers have no effect. After each test all listeners are stopped, everything in
 * memory is removed, and those that start with the application are started anew.
 *
 * @since 0.1
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@ImportAutoConfiguration
public @interface AutoConfigureTestMillstream {}
