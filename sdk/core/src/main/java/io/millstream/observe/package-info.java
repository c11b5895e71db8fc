/** What the loop tells the world; a no-op unless somebody listens. */
@NullMarked
package io.millstream.observe;

import org.jspecify.annotations.NullMarked;
