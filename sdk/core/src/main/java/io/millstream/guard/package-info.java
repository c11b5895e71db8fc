/** What may hold handlers back: circuit breakers and rate limiters. */
@NullMarked
package io.millstream.guard;

import org.jspecify.annotations.NullMarked;
