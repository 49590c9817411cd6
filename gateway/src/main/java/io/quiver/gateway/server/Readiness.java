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
    private final Supplier<List<String>> catalogMended;
    private final Supplier<List<String>> catalogDamaged;
    private volatile State state = State.STARTING;

    /**
     * Not ready yet; all are asked at every look and must not wait.
     *
     * @param catalogMended what of the catalog was found damaged and made again
     * @param catalogDamaged what of it could not be made again
     */
    Readiness(
            Supplier<Map<CollectionId, String>> damaged,
            Supplier<@Nullable Throwable> logFailure,
            Supplier<List<String>> catalogMended,
            Supplier<List<String>> catalogDamaged) {
        this.damaged = damaged;
        this.logFailure = logFailure;
        this.catalogMended = catalogMended;
        this.catalogDamaged = catalogDamaged;
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

    /** What of the catalog was found damaged, at the start or since, and has been made again; the newest of it. */
    List<String> catalogMended() {
        return catalogMended.get();
    }

    /** What of the catalog is damaged and could not be made again. */
    List<String> catalogDamaged() {
        return catalogDamaged.get();
    }
}
