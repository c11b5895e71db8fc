/**
 * Millstream: dependable work queues on Redis Streams. Start with {@link io.millstream.Millstream}.
 */
@NullMarked
package io.millstream;

import org.jspecify.annotations.NullMarked;
