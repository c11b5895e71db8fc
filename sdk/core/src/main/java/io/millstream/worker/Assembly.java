package io.millstream.worker;

import io.millstream.guard.Guard;

/**
 * The parts of a worker that the user brings.
 *
 * @param handling the handler
 * @param guard who is asked before it starts
 * @param listener who hears of the state
 */
record Assembly<T>(Handling<T> handling, Guard guard, WorkerListener listener) {}
