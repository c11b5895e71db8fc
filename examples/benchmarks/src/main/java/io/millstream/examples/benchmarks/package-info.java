/** How fast Millstream is: beside other ways of consuming a group, on a real server. */
@NullMarked
package io.millstream.examples.benchmarks;

import org.jspecify.annotations.NullMarked;
