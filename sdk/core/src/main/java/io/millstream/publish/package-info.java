/** Publishing messages. */
@NullMarked
package io.millstream.publish;

import org.jspecify.annotations.NullMarked;
