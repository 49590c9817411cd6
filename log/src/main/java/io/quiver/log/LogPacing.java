package io.quiver.log;

import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/**
 * Who decides when a log does what can wait, and what time it is: the machine, or a simulation, which decides
 * everything.
 *
 * @param files runs the work on files that nobody waits for: preparing new ones, dropping old ones
 * @param nanos what time passes by, as {@link System#nanoTime}: never goes back
 * @param millis what entries are dated with, as {@link System#currentTimeMillis}: may jump either way, and nothing
 *     depends on it
 */
public record LogPacing(Executor files, LongSupplier nanos, LongSupplier millis) {
    /** By the machine's clocks. */
    static LogPacing real(Executor files) {
        return new LogPacing(files, System::nanoTime, System::currentTimeMillis);
    }
}
