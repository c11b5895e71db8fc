/** Tests of an application's listeners in memory and in virtual time. */
@NullMarked
package io.millstream.spring.test;

import org.jspecify.annotations.NullMarked;
