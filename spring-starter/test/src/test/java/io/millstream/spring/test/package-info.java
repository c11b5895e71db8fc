@NullMarked
package io.millstream.spring.test;

import org.jspecify.annotations.NullMarked;
