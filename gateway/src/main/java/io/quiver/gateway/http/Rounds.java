package io.quiver.gateway.http;

import io.vertx.core.Context;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

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

    /** Of all that is watched, in the order in which it came; this one is nothing itself. */
    private final Watched ring = new Watched(Duration.ZERO, () -> {});

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

    /** Something that is looked at again and again, until it is done. It knows its neighbours: a set costs a hash. */
    static final class Watched {
        private final long everyNanos;
        private final Runnable look;
        private long sinceNanos = System.nanoTime();
        private Watched before = this;
        private Watched after = this;

        private Watched(Duration every, Runnable look) {
            this.everyNanos = every.toNanos();
            this.look = look;
        }

        void done() {
            before.after = after;
            after.before = before;
            before = this;
            after = this;
        }

        private void addLast(Watched last) {
            last.before = before;
            last.after = this;
            before.after = last;
            before = last;
        }

        private boolean isAlone() {
            return after == this;
        }

        private void lookAt(long now) {
            if (now - sinceNanos >= everyNanos && !isAlone()) {
                sinceNanos = now;
                look.run();
            }
        }
    }

    Watched watch(Context eventLoop, Duration every, Runnable look) {
        Watched added = new Watched(every, look);
        ring.addLast(added);
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
        if (ring.isAlone()) {
            isWalking = false;
            return;
        }
        walkLater(eventLoop);
        long now = System.nanoTime();
        all().forEach(one -> one.lookAt(now));
    }

    /** As they are now: what is looked at may end others, or begin some. */
    private List<Watched> all() {
        List<Watched> all = new ArrayList<>();
        for (Watched one = ring.after; one != ring; one = one.after) {
            all.add(one);
        }
        return all;
    }
}
