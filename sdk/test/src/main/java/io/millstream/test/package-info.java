/** Millstream for unit tests: in memory, in virtual time. */
@NullMarked
package io.millstream.test;

import org.jspecify.annotations.NullMarked;
