/** How payloads become fields and back, and the typed name of a stream. */
@NullMarked
package io.millstream.codec;

import org.jspecify.annotations.NullMarked;
