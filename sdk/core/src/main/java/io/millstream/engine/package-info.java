/**
 * The port: Redis Streams commands, one method for one command, and the few atomic steps that no
 * single command does.
 */
@NullMarked
package io.millstream.engine;

import org.jspecify.annotations.NullMarked;
