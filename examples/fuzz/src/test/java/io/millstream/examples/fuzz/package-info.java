@NullMarked
package io.millstream.examples.fuzz;

import org.jspecify.annotations.NullMarked;
