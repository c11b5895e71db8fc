/** What happens after a failure: pure decisions, without I/O and without a clock. */
@NullMarked
package io.millstream.policy;

import org.jspecify.annotations.NullMarked;
