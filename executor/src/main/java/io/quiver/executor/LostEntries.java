package io.quiver.executor;

import io.quiver.log.LogGap;
import io.quiver.log.record.CollectionId;
import io.quiver.log.record.LogOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Which collections the damage of the log is of.
 *
 * <p>The id that stands in a damaged entry may be damaged too. Ids are random: none that exists is near another, so one
 * that is wrong in a few bits still says which it was. An id that is near none is of a collection that was dropped, if
 * it is one at all; if not, nobody knows whose the entries were, and they may be of every collection that has not been
 * compacted beyond.
 */
final class LostEntries {
    /** Two random ids differ in so few bits once in about 10^13 pairs. */
    private static final int WRONG_BITS_MAX = 24;

    private static final int RANDOM_UUID = 4;
    private static final int RFC_VARIANT = 2;

    private final List<LogGap> gaps;
    private final Set<CollectionId> known;

    LostEntries(List<LogGap> gaps, Set<CollectionId> known) {
        this.gaps = List.copyOf(gaps);
        this.known = Set.copyOf(known);
    }

    /** What a collection has lost that is not in its segments, which reach {@code compacted}. */
    Optional<LogGap> of(CollectionId collection, LogOffset compacted) {
        return gaps.stream()
                .filter(gap -> gap.last().isAfter(compacted) && mayConcern(gap, collection))
                .findFirst();
    }

    private boolean mayConcern(LogGap gap, CollectionId collection) {
        return gap.collections().isEmpty() || gap.collections().stream().anyMatch(read -> mayBe(read, collection));
    }

    private boolean mayBe(CollectionId read, CollectionId collection) {
        if (known.contains(read)) {
            return read.equals(collection);
        }
        Optional<CollectionId> near = known.stream()
                .filter(id -> wrongBits(read, id) <= WRONG_BITS_MAX)
                .findFirst();
        return near.map(collection::equals).orElse(!isId(read));
    }

    private static int wrongBits(CollectionId one, CollectionId other) {
        UUID a = one.value();
        UUID b = other.value();
        return Long.bitCount(a.getMostSignificantBits() ^ b.getMostSignificantBits())
                + Long.bitCount(a.getLeastSignificantBits() ^ b.getLeastSignificantBits());
    }

    private static boolean isId(CollectionId read) {
        return read.value().version() == RANDOM_UUID && read.value().variant() == RFC_VARIANT;
    }
}
