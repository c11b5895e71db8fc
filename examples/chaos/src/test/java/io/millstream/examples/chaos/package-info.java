@NullMarked
package io.millstream.examples.chaos;

import org.jspecify.annotations.NullMarked;
