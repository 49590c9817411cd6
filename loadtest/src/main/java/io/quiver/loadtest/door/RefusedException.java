package io.quiver.loadtest.door;

import java.io.IOException;

/** The server answered that it would not do this; the connection can go on. */
public final class RefusedException extends IOException {
    private final int status;

    public RefusedException(int status, String answer) {
        super("status " + status + ": " + answer);
        this.status = status;
    }

    public int status() {
        return status;
    }
}
