package io.quiver.executor.watch;

/**
 * A record with its place in the answer to one query.
 *
 * @param insertion position in the order of insertion, by which ties are broken
 */
public record Candidate(String id, float distance, long insertion) implements Comparable<Candidate> {
    /** As searches compare: zeros of both signs are equal. */
    @Override
    public int compareTo(Candidate other) {
        if (distance != other.distance) {
            return distance < other.distance ? -1 : 1;
        }
        return Long.compare(insertion, other.insertion);
    }
}
