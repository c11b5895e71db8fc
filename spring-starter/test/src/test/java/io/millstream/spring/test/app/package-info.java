/** An application to be tested. */
@NullMarked
package io.millstream.spring.test.app;

import org.jspecify.annotations.NullMarked;
