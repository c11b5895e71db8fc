@NullMarked
package io.millstream.spring.autoconfigure;

import org.jspecify.annotations.NullMarked;
