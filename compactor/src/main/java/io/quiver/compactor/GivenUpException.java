package io.quiver.compactor;

/** Ends work that nobody needs any more, from within. */
final class GivenUpException extends RuntimeException {
    GivenUpException() {
        super("the work was given up", null, false, false);
    }
}
