package io.millstream.admin;

import org.jspecify.annotations.Nullable;

/**
 * How far a trim has come, since its beginning.
 *
 * @param removed how many entries went
 * @param left how many are left
 * @param heldBackBy the group for whose sake more must stay than was asked for, because it has not
 *     read or not acknowledged it; null if there is none
 * @since 0.1
 */
public record TrimProgress(long removed, long left, @Nullable String heldBackBy) {}
