package io.quiver.gateway.history;

/** The server answered with an error. */
final class RefusedException extends Exception {
    private static final long serialVersionUID = 1;

    RefusedException(String answer) {
        super(answer);
    }
}
