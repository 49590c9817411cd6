package io.quiver.gateway.cache;

import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * Remembers about so many questions as it has places, each by its hash in one place: what comes later takes the place
 * of what was there. It may take one question for another, or forget one; what rests on it may only be a matter of
 * speed. Safe on every thread.
 */
final class AskedBefore {
    private static final int PLACES = 1 << 16;

    private final AtomicIntegerArray hashes = new AtomicIntegerArray(PLACES);

    /** Whether a question of this hash is remembered; it is from now on. */
    boolean remember(int hash) {
        int place = (hash ^ hash >>> 16) & PLACES - 1;
        return hashes.get(place) == hash || hashes.getAndSet(place, hash) == hash;
    }
}
