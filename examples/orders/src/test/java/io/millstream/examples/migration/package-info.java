/** Coming from other clients of Redis Streams: what they wrote is read, and the other way round. */
@NullMarked
package io.millstream.examples.migration;

import org.jspecify.annotations.NullMarked;
