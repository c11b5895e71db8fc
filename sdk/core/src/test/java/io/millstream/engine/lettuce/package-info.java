@NullMarked
package io.millstream.engine.lettuce;

import org.jspecify.annotations.NullMarked;
