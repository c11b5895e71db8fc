/** How Spring Boot puts Millstream together. */
@NullMarked
package io.millstream.spring.autoconfigure;

import org.jspecify.annotations.NullMarked;
