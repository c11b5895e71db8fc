/** The story of a consumer group: work is shared, fails, is retried, given up and taken over. */
@NullMarked
package io.millstream.examples.orders;

import org.jspecify.annotations.NullMarked;
