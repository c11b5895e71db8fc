/**
 * The engine on real Redis, over Lettuce: own command outputs and decoding, own connections (which
 * never send anything twice), Lua scripts for the atomic steps.
 */
@NullMarked
package io.millstream.engine.lettuce;

import org.jspecify.annotations.NullMarked;
