/** Meters for Micrometer, which is optional at run time. */
@NullMarked
package io.millstream.observe.micrometer;

import org.jspecify.annotations.NullMarked;
