package io.quiver.executor.query;

import io.quiver.log.record.CollectionId;
import io.quiver.log.record.Embedding;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One question about one collection, checked against it. */
public sealed interface Query {
    CollectionId collection();

    Filter filter();

    Projection projection();

    Consistency consistency();

    Deadline deadline();

    /**
     * The {@code k} records nearest to an embedding, nearest first, ties by order of insertion.
     *
     * @param k hits wanted, 0 to {@link #K_MAX}
     * @param estimateRecall the answer says which recall it is expected to have
     * @param explain the answer says how it was found
     */
    record Nearest(
            CollectionId collection,
            Embedding embedding,
            int k,
            Filter filter,
            Projection projection,
            Consistency consistency,
            Deadline deadline,
            SearchEffort effort,
            boolean estimateRecall,
            boolean explain)
            implements Query {
        public static final int K_MAX = 16_384;

        public Nearest {
            if (k < 0 || k > K_MAX) {
                throw new IllegalArgumentException("k must lie in 0..%d, not %d".formatted(K_MAX, k));
            }
        }

        /** Of the usual effort, with nothing in the answer about how it was found. */
        public Nearest(
                CollectionId collection,
                Embedding embedding,
                int k,
                Filter filter,
                Projection projection,
                Consistency consistency,
                Deadline deadline) {
            this(
                    collection,
                    embedding,
                    k,
                    filter,
                    projection,
                    consistency,
                    deadline,
                    SearchEffort.DEFAULT,
                    false,
                    false);
        }

        public Nearest withEffort(SearchEffort other) {
            return new Nearest(
                    collection,
                    embedding,
                    k,
                    filter,
                    projection,
                    consistency,
                    deadline,
                    other,
                    estimateRecall,
                    explain);
        }

        /** With the estimated recall and the explanation in its answer. */
        public Nearest explained() {
            return new Nearest(collection, embedding, k, filter, projection, consistency, deadline, effort, true, true);
        }
    }

    /** Records in order of insertion: {@code skip} left out, then at most {@code limit}. */
    record Scan(
            CollectionId collection,
            long skip,
            int limit,
            Filter filter,
            Projection projection,
            Consistency consistency,
            Deadline deadline)
            implements Query {
        public Scan {
            requirePage(skip, limit);
        }
    }

    /**
     * The records with the lowest scores, ties by order of insertion: {@code skip} left out, then at most
     * {@code limit}. Scores stand in place of distances.
     *
     * @param rank gives the scores; what no nearest-neighbour search in it finds is not in the answer
     * @param groupBy what is kept before {@code skip} and {@code limit}; {@code null} for all
     */
    record Search(
            CollectionId collection,
            Rank rank,
            @Nullable GroupBy groupBy,
            long skip,
            int limit,
            Filter filter,
            Projection projection,
            Consistency consistency,
            Deadline deadline)
            implements Query {
        public Search {
            requirePage(skip, limit);
            RankSize.knnsOf(rank);
        }

        /** The nearest-neighbour searches of the expression, from left to right. */
        public List<Rank.Knn> knns() {
            return RankSize.knnsOf(rank);
        }

        /** No more records than these can be in the answer. */
        public long hitsMax() {
            long found = knns().stream().mapToLong(Rank.Knn::limit).sum();
            return Math.min(found, limit);
        }
    }

    /** How many records the filter accepts. */
    record Count(CollectionId collection, Filter filter, Consistency consistency, Deadline deadline) implements Query {
        @Override
        public Projection projection() {
            return Projection.IDS;
        }
    }

    private static void requirePage(long skip, int limit) {
        if (skip < 0 || limit < 0) {
            throw new IllegalArgumentException("skip (%d) and limit (%d) must not be negative".formatted(skip, limit));
        }
    }
}
