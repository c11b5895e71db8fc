/** An order service on Spring Boot: it takes orders over HTTP and charges them one by one. */
@NullMarked
package io.millstream.examples.spring.orders;

import org.jspecify.annotations.NullMarked;
