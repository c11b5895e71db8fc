@NullMarked
package io.millstream.spring.actuate;

import org.jspecify.annotations.NullMarked;
