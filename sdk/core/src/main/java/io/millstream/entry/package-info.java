/**
 * The vocabulary of Redis Streams: entry ids, fields and entries. The lowest floor; it imports
 * nothing of ours.
 */
@NullMarked
package io.millstream.entry;

import org.jspecify.annotations.NullMarked;
