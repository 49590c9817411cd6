package io.quiver.compactor;

import io.quiver.log.record.CollectionId;
import io.quiver.log.storage.StorageFullException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * When to try again after failures: a collection after a pause that doubles, all of them after the disk was full.
 * Changed by one thread alone; {@link #left} may be asked by any.
 */
final class Pauses {
    private final CompactorSettings settings;
    private final Map<CollectionId, Pause> ofCollections = new HashMap<>();
    private volatile long resumesAt = System.nanoTime();

    Pauses(CompactorSettings settings) {
        this.settings = settings;
    }

    /** How long everything is paused yet. */
    Duration left() {
        return Duration.ofNanos(Math.max(0, resumesAt - System.nanoTime()));
    }

    boolean isPaused(CollectionId collection) {
        Pause pause = ofCollections.get(collection);
        return pause != null && pause.until - System.nanoTime() > 0;
    }

    void succeeded(CollectionId collection) {
        ofCollections.remove(collection);
    }

    void failed(CollectionId collection, Throwable failure) {
        if (isStorageFull(failure)) {
            resumesAt = System.nanoTime() + settings.storageFullPause().toNanos();
        } else {
            givenUp(collection);
        }
    }

    /** Was given up for something else: what is given up again and again is tried less and less often. */
    void givenUp(CollectionId collection) {
        ofCollections.merge(collection, Pause.of(settings.retryAfterMin()), (pause, first) -> longer(pause));
    }

    private Pause longer(Pause pause) {
        Duration doubled = pause.length.multipliedBy(2);
        return Pause.of(doubled.compareTo(settings.retryAfterMax()) < 0 ? doubled : settings.retryAfterMax());
    }

    private static boolean isStorageFull(@Nullable Throwable failure) {
        return failure != null && (failure instanceof StorageFullException || isStorageFull(failure.getCause()));
    }

    private record Pause(Duration length, long until) {
        static Pause of(Duration length) {
            return new Pause(length, System.nanoTime() + length.toNanos());
        }
    }
}
