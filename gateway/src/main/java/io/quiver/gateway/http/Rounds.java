package io.quiver.gateway.http;

import io.vertx.core.Context;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What is looked at every so often on one event loop: requests have deadlines and their bodies a pace, which hardly any
 * of them misses. One timer looks after all of them, for a timer of its own costs a request more than everything else
 * that is done to find its answer in the cache. It runs only while there is something to look at.
 *
 * <p>Belongs to its event loop.
 */
final class Rounds {
    /** How much later than it should something may be looked at. */
    static final Duration EVERY = Duration.ofMillis(50);

    private final Set<Watched> watched = new LinkedHashSet<>();
    private boolean isWalking;

    private Rounds() {}

    /** Those of the event loop that this runs on. */
    static Rounds of(Context eventLoop) {
        Rounds known = eventLoop.get(Rounds.class);
        if (known == null) {
            known = new Rounds();
            eventLoop.put(Rounds.class, known);
        }
        return known;
    }

    /** Something that is looked at again and again, until it is done. */
    final class Watched {
        private final long everyNanos;
        private final Runnable look;
        private long sinceNanos = System.nanoTime();

        private Watched(Duration every, Runnable look) {
            this.everyNanos = every.toNanos();
            this.look = look;
        }

        void done() {
            watched.remove(this);
        }

        private void lookAt(long now) {
            if (now - sinceNanos >= everyNanos && watched.contains(this)) {
                sinceNanos = now;
                look.run();
            }
        }
    }

    Watched watch(Context eventLoop, Duration every, Runnable look) {
        Watched added = new Watched(every, look);
        watched.add(added);
        if (!isWalking) {
            isWalking = true;
            walkLater(eventLoop);
        }
        return added;
    }

    private void walkLater(Context eventLoop) {
        eventLoop.owner().setTimer(EVERY.toMillis(), _ -> walk(eventLoop));
    }

    private void walk(Context eventLoop) {
        if (watched.isEmpty()) {
            isWalking = false;
            return;
        }
        walkLater(eventLoop);
        long now = System.nanoTime();
        List.copyOf(watched).forEach(one -> one.lookAt(now));
    }
}
