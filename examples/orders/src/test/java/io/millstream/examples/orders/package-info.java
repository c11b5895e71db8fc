@NullMarked
package io.millstream.examples.orders;

import org.jspecify.annotations.NullMarked;
