/**
 * The differential fuzzer: random commands go to the Redis in memory and to a real server, and no
 * reply may differ.
 */
@NullMarked
package io.millstream.examples.fuzz;

import org.jspecify.annotations.NullMarked;
