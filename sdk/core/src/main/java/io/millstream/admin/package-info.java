/**
 * What an operator needs: how groups stand, what is pending, dead letters and their redrive, and
 * what keeps streams from growing for ever.
 *
 * @since 0.1
 */
@NullMarked
package io.millstream.admin;

import org.jspecify.annotations.NullMarked;
