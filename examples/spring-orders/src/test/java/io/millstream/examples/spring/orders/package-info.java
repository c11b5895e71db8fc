@NullMarked
package io.millstream.examples.spring.orders;

import org.jspecify.annotations.NullMarked;
