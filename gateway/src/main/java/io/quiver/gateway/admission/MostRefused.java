package io.quiver.gateway.admission;

import java.time.Duration;

/**
 * The tenant that most refusals of late were of, if one has had most: a majority vote by Boyer and Moore, in which no
 * more than some votes count, so that it is not known for long; and not at all once it has had none for a while. Belongs
 * to the gate's lock.
 */
final class MostRefused {
    private static final int VOTES_MAX = 64;
    private static final long WHILE_NANOS = Duration.ofSeconds(1).toNanos();

    private String candidate = "";
    private int votes;
    private long lastVote;

    void refused(String tenant, long now) {
        if (tenant.equals(candidate)) {
            votes = Math.min(VOTES_MAX, votes + 1);
            lastVote = now;
        } else if (votes > 0) {
            votes--;
        } else {
            candidate = tenant;
            votes = 1;
            lastVote = now;
        }
    }

    /** Whether it is this one. */
    boolean is(String tenant, long now) {
        return votes > VOTES_MAX / 2 && tenant.equals(candidate) && now - lastVote < WHILE_NANOS;
    }
}
