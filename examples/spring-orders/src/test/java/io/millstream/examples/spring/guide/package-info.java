/** The code of {@code docs/spring.md}. */
@NullMarked
package io.millstream.examples.spring.guide;

import org.jspecify.annotations.NullMarked;
