package io.millstream.engine;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A row of XINFO CONSUMERS.
 *
 * @param name the consumer
 * @param pending how many entries it holds
 * @param idle how long since it last tried anything
 * @param inactive how long since it last got anything; null if never, or before Redis 7.2
 * @since 0.1
 */
public record ConsumerInfo(String name, long pending, Duration idle, @Nullable Duration inactive) {}
