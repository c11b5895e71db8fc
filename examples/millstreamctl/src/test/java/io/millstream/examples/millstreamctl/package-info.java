@NullMarked
package io.millstream.examples.millstreamctl;

import org.jspecify.annotations.NullMarked;
