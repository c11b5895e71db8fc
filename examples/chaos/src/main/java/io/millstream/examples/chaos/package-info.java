/**
 * The ledger: workers and their Redis are killed, frozen and cut off at random, and in the end
 * every message is accounted for.
 */
@NullMarked
package io.millstream.examples.chaos;

import org.jspecify.annotations.NullMarked;
