package io.quiver.compactor;

import java.util.concurrent.CancellationException;

/** Ends work that nobody needs any more, from within. */
final class GivenUpException extends CancellationException {
    GivenUpException() {
        super("the work was given up");
    }

    /** Nobody looks where it came from. */
    @Override
    public Throwable fillInStackTrace() {
        return this;
    }
}
