/** What a handler sees: messages, their headers, and the outcomes that end a delivery. */
@NullMarked
package io.millstream.message;

import org.jspecify.annotations.NullMarked;
