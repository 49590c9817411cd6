package io.quiver.log;

import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/**
 * Who decides when a log does what can wait: the machine, or a simulation, which decides everything.
 *
 * @param files runs the work on files that nobody waits for: preparing new ones, dropping old ones
 * @param nanos the time, as of {@link System#nanoTime}
 */
public record LogPacing(Executor files, LongSupplier nanos) {}
