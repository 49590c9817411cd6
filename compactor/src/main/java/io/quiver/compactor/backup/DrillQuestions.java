package io.quiver.compactor.backup;

import io.quiver.executor.query.Consistency;
import io.quiver.executor.query.Deadline;
import io.quiver.executor.query.Filter;
import io.quiver.executor.query.Hits;
import io.quiver.executor.query.Projection;
import io.quiver.executor.query.Query;
import io.quiver.log.catalog.Collection;
import io.quiver.log.record.CollectionId;
import io.quiver.log.record.Embedding;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Questions whose answers are known: for a sample of each collection's records that each is found where the count says,
 * by its id, and that a search by its embedding finds something as near as itself.
 */
final class DrillQuestions {
    private static final int SAMPLES = 16;

    private static final int K = 10;

    /** One search in so many may miss: graphs find nearly everything, not everything. */
    private static final int MISSES = 10;

    private static final float ROUNDING = 1e-4f;

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final DrillSystem system;
    private final Consumer<String> problems;
    private long records;
    private int asked;

    DrillQuestions(DrillSystem system, Consumer<String> problems) {
        this.system = system;
        this.problems = problems;
    }

    long records() {
        return records;
    }

    int asked() {
        return asked;
    }

    void askAll() {
        for (Collection collection :
                Objects.requireNonNull(system.catalog().allCollections().block())) {
            try {
                ask(collection.id());
            } catch (RuntimeException failure) {
                problems.accept("collection %s: %s".formatted(collection.id(), failure.getMessage()));
            }
        }
    }

    private void ask(CollectionId id) {
        long count =
                one(new Query.Count(id, Filter.ALL, Consistency.STRONG, soon())).total();
        records += count;
        long step = Math.max(1, count / SAMPLES);
        int missed = 0;
        int before = asked;
        for (long skip = 0; skip < count; skip += step) {
            Hits sample = scan(id, skip, Filter.ALL);
            if (sample.ids().isEmpty()) {
                problems.accept("collection %s: record %d of %d is not there".formatted(id, skip + 1, count));
                return;
            }
            missed += isWellFound(id, sample) ? 0 : 1;
        }
        if (missed * MISSES > asked - before) {
            problems.accept("collection %s: %d of %d searches found nothing as near as a record that is there"
                    .formatted(id, missed, asked - before));
        }
    }

    /** Whether a search by the embedding of a record finds something that is as near as this record. */
    private boolean isWellFound(CollectionId id, Hits sample) {
        String record = sample.ids().getFirst();
        Embedding embedding = Objects.requireNonNull(sample.embeddings()).getFirst();
        asked++;
        Filter itself = new Filter.Ids(Set.of(record));
        Hits alone = nearest(id, embedding, itself);
        if (!scan(id, 0, itself).ids().equals(List.of(record)) || !alone.ids().equals(List.of(record))) {
            problems.accept("collection %s: record '%s' is not found by its id".formatted(id, record));
            return true;
        }
        return distance(nearest(id, embedding, Filter.ALL)) <= distance(alone) + ROUNDING;
    }

    private static float distance(Hits hits) {
        return Objects.requireNonNull(hits.distances())[0];
    }

    private Hits nearest(CollectionId id, Embedding embedding, Filter filter) {
        return one(new Query.Nearest(id, embedding, K, filter, Projection.EVERYTHING, Consistency.STRONG, soon()));
    }

    private Hits scan(CollectionId id, long skip, Filter filter) {
        return one(new Query.Scan(id, skip, 1, filter, Projection.EVERYTHING, Consistency.STRONG, soon()));
    }

    private Hits one(Query query) {
        return Objects.requireNonNull(system.executor().execute(List.of(query)).block(PATIENCE))
                .getFirst();
    }

    private static Deadline soon() {
        return Deadline.after(PATIENCE);
    }
}
