package io.quiver.gateway.http;

import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.LogOffset;
import io.quiver.log.record.QuiverException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Backups of the whole server. Where they lie is configured; a caller names none but by its id. Safe on every thread;
 * never blocks.
 */
public interface Snapshots {
    /** Of a server that is not told where backups belong. */
    Snapshots NONE = new Snapshots() {
        @Override
        public Mono<Snapshot> take(boolean isFull) {
            return Mono.error(notConfigured());
        }

        @Override
        public List<Snapshot> list() {
            throw notConfigured();
        }

        @Override
        public Mono<Boolean> delete(String id) {
            return Mono.error(notConfigured());
        }

        private QuiverException notConfigured() {
            return new QuiverException(
                    ErrorCode.FAILED_PRECONDITION, "This server has no directory of backups: set backup.directory");
        }
    };

    /**
     * One backup.
     *
     * @param previous the one before it, {@code null} where the log between the two is not there
     * @param sizeBytes of everything that it needs
     */
    record Snapshot(
            String id,
            Instant createdAt,
            boolean isFull,
            LogOffset offset,
            @Nullable String previous,
            int collections,
            long sizeBytes) {}

    /** Completes when the backup is durable and verified. It is made even if nobody waits for it any more. */
    Mono<Snapshot> take(boolean isFull);

    /** Oldest first, from memory. */
    List<Snapshot> list();

    /** False where there is none of that id. */
    Mono<Boolean> delete(String id);
}
