/** The command line of the person on call. */
@NullMarked
package io.millstream.examples.millstreamctl;

import org.jspecify.annotations.NullMarked;
