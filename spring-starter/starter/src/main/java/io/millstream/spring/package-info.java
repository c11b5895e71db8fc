/** What an application on Spring Boot writes against: annotations, customizers, the registry. */
@NullMarked
package io.millstream.spring;

import org.jspecify.annotations.NullMarked;
