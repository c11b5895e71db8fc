/**
 * Holds the documentation against the code. It lies among the examples because they see of
 * Millstream what a user sees.
 */
@NullMarked
package io.millstream.examples.docs;

import org.jspecify.annotations.NullMarked;
