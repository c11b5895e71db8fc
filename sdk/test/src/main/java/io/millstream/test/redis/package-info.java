/** The Redis in memory behind a port: its protocol, its connections and its commands. */
@NullMarked
package io.millstream.test.redis;

import org.jspecify.annotations.NullMarked;
