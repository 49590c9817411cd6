package io.quiver.gateway.admission;

import java.time.Duration;

/**
 * Whether what waits in a queue is a burst that will be worked off, or stands: more comes than is done, and whoever
 * waits only makes the next one wait as long. As in CoDel it must have been so for a whole {@link #INTERVAL}: since it
 * was found full, or turns came too late, it has not been worked off to its half. It stands until, in a {@link
 * #REVIEW}, hardly anybody had to be refused.
 *
 * <p>A queue that stands is served newest first, so that those who are served have hardly waited, and whoever has
 * waited for {@link #PATIENCE} is refused: its turn would not come while there is more than enough of what is newer.
 *
 * <p>Not safe on many threads.
 */
final class StandingQueue {
    /** Nobody should wait for longer. */
    static final Duration WAIT_MAX = Duration.ofMillis(50);

    static final Duration INTERVAL = Duration.ofMillis(100);
    static final Duration REVIEW = Duration.ofMillis(500);

    /** How long one may wait in a queue that stands. */
    static final Duration PATIENCE = Duration.ofMillis(5);

    /** Of so many that come, one that is refused is chance. */
    private static final int HARDLY = 20;

    private boolean isStanding;
    private boolean hasTrouble;
    private long troubleSince;
    private long reviewSince;
    private int came;
    private int refused;

    /** Somebody found it full, or has waited too long. */
    void trouble(long now) {
        if (!hasTrouble) {
            hasTrouble = true;
            troubleSince = now;
        }
        if (!isStanding && now - troubleSince > INTERVAL.toNanos()) {
            isStanding = true;
            review(now);
        }
    }

    /** It has been worked off to its half. */
    void relief() {
        hasTrouble = false;
    }

    void came() {
        came++;
    }

    void refused(int count) {
        refused += count;
    }

    boolean isStanding(long now) {
        if (isStanding && now - reviewSince > REVIEW.toNanos()) {
            isStanding = refused * HARDLY > came;
            hasTrouble &= isStanding;
            review(now);
        }
        return isStanding;
    }

    private void review(long now) {
        reviewSince = now;
        came = 0;
        refused = 0;
    }
}
