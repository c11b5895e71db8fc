/**
 * The in-memory engine: a faithful model of Redis Streams (8.0) whose time is a Reactor scheduler,
 * with faults on demand. Its rules are those of Redis, measured; a contract suite holds it against
 * real servers.
 */
@NullMarked
package io.millstream.engine.memory;

import org.jspecify.annotations.NullMarked;
