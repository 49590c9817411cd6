package io.quiver.gateway.server;

import io.quiver.log.record.CollectionId;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Whether the server takes requests, and why not. A damaged collection does not make the server unready: it is listed,
 * and the others answer. Safe on every thread.
 */
final class Readiness {
    /** How far the server has come; it only goes forward. */
    enum State {
        STARTING("the server is starting"),
        READY("ready"),
        DRAINING("the server is about to end");

        private final String reason;

        State(String reason) {
            this.reason = reason;
        }

        String reason() {
            return reason;
        }
    }

    private final Supplier<Map<CollectionId, String>> damaged;
    private volatile State state = State.STARTING;

    /** Not ready yet; {@code damaged} is asked at every look and must not wait. */
    Readiness(Supplier<Map<CollectionId, String>> damaged) {
        this.damaged = damaged;
    }

    State state() {
        return state;
    }

    boolean isReady() {
        return state == State.READY;
    }

    void enter(State next) {
        state = next;
    }

    /** Collections that cannot be used, with the reason. */
    Map<CollectionId, String> damaged() {
        return damaged.get();
    }
}
