package io.quiver.gateway.server;

import io.quiver.log.record.CollectionId;
import java.util.List;
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
    private final List<String> catalogMended;
    private volatile State state = State.STARTING;

    /**
     * Not ready yet; {@code damaged} and {@code logFailure} are asked at every look and must not wait.
     *
     * @param catalogMended what of the catalog the start found damaged and made again
     */
    Readiness(
            Supplier<Map<CollectionId, String>> damaged,
            Supplier<@Nullable Throwable> logFailure,
            List<String> catalogMended) {
        this.damaged = damaged;
        this.logFailure = logFailure;
        this.catalogMended = List.copyOf(catalogMended);
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

    /** What of the catalog was damaged at the start and has been made again. */
    List<String> catalogMended() {
        return catalogMended;
    }
}
