/** What every module's tests need to meet a real server. */
@NullMarked
package io.millstream.testing;

import org.jspecify.annotations.NullMarked;
