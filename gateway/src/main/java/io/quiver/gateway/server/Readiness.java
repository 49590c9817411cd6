package io.quiver.gateway.server;

import io.quiver.log.record.CollectionId;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

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
    private final Supplier<@Nullable Throwable> logFailure;
    private volatile State state = State.STARTING;

    /** Not ready yet; {@code damaged} and {@code logFailure} are asked at every look and must not wait. */
    Readiness(Supplier<Map<CollectionId, String>> damaged, Supplier<@Nullable Throwable> logFailure) {
        this.damaged = damaged;
        this.logFailure = logFailure;
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

    /** Why writes are refused while reads go on, {@code null} where they are not. */
    @Nullable String writesRefused() {
        Throwable failure = logFailure.get();
        return failure == null ? null : failure.toString();
    }

    /** Collections that cannot be used, with the reason. */
    Map<CollectionId, String> damaged() {
        return damaged.get();
    }
}
