package io.quiver.gateway.server;

/** The server cannot start for a reason that the operator can change: a port that is taken, a directory in use. */
final class StartException extends RuntimeException {
    StartException(String message, Throwable cause) {
        super(message, cause);
    }
}
