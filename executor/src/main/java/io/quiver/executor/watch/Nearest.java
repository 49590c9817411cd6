package io.quiver.executor.watch;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The nearest records of one watch, and some more in reserve for when one of them goes.
 *
 * <p>It holds every record of the collection up to its bound: the farthest candidate when last one had to be left out.
 * As long as there are {@code k} of them, they are the answer. Without a bound it holds all records that the watch is
 * about. Belongs to the watcher's thread.
 */
final class Nearest {
    /** Beyond twice k, so that small answers do not use their reserve up at once. */
    private static final int RESERVE_MIN = 8;

    private final int k;
    private final int capacity;
    private final List<Candidate> candidates = new ArrayList<>();
    private @Nullable Candidate bound;

    Nearest(int k) {
        this.k = k;
        this.capacity = capacity(k);
    }

    /** How many candidates it wants to begin with. */
    static int capacity(int k) {
        return 2 * k + RESERVE_MIN;
    }

    /** The answer, nearest first. */
    List<Candidate> top() {
        return List.copyOf(candidates.subList(0, Math.min(k, candidates.size())));
    }

    List<Candidate> all() {
        return Collections.unmodifiableList(candidates);
    }

    /** A record farther away than this plays no role. */
    float boundDistance() {
        return bound == null ? Float.POSITIVE_INFINITY : bound.distance();
    }

    boolean accepts(Candidate candidate) {
        return bound == null || candidate.compareTo(bound) <= 0;
    }

    /**
     * Adds an accepted record, which is not among the candidates; gives back the one that had to be left out for it.
     */
    Optional<Candidate> add(Candidate candidate) {
        int place = -Collections.binarySearch(candidates, candidate) - 1;
        candidates.add(place, candidate);
        if (candidates.size() <= capacity) {
            return Optional.empty();
        }
        Candidate farthest = candidates.removeLast();
        bound = candidates.getLast();
        return Optional.of(farthest);
    }

    void remove(String id) {
        candidates.removeIf(candidate -> candidate.id().equals(id));
    }

    /** Too few are left to tell the answer. */
    boolean isShort() {
        return bound != null && candidates.size() < k;
    }

    /** Begins anew with what a search for {@link #capacity} records has found. */
    void refill(List<Candidate> found) {
        candidates.clear();
        candidates.addAll(found);
        bound = found.size() < capacity ? null : found.getLast();
    }
}
