package io.quiver.gateway.auth;

import io.quiver.log.record.QuiverException;

/** Tells who asks. Called before anything of a request's body is read; safe on every thread and never waits. */
public interface Gatekeeper {
    /** Asks nobody, and lets everyone do everything. */
    Gatekeeper OPEN = new Gatekeeper() {
        @Override
        public Caller identify(Presented presented) {
            return Caller.EVERYONE;
        }

        @Override
        public boolean isOpen() {
            return true;
        }
    };

    /** Throws {@link QuiverException} with {@code UNAUTHENTICATED} for whom it does not know, whatever the reason. */
    Caller identify(Presented presented);

    /** Whether everyone is let in. */
    default boolean isOpen() {
        return false;
    }
}
