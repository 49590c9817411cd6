package io.quiver.gateway.admission;

/**
 * The tenant that most refusals of late were of, if one has had most: a majority vote by Boyer and Moore, in which no
 * more than some votes count, so that it is not known for long. Belongs to the gate's lock.
 */
final class MostRefused {
    private static final int VOTES_MAX = 64;

    private String candidate = "";
    private int votes;

    void refused(String tenant) {
        if (tenant.equals(candidate)) {
            votes = Math.min(VOTES_MAX, votes + 1);
        } else if (votes > 0) {
            votes--;
        } else {
            candidate = tenant;
            votes = 1;
        }
    }

    /** Whether it is this one. */
    boolean is(String tenant) {
        return votes > VOTES_MAX / 2 && tenant.equals(candidate);
    }
}
