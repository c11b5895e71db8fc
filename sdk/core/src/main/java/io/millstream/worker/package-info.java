/** The worker: one façade, and behind it one duty per class. */
@NullMarked
package io.millstream.worker;

import org.jspecify.annotations.NullMarked;
