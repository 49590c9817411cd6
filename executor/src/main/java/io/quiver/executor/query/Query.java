package io.quiver.executor.query;

import io.quiver.log.record.CollectionId;
import io.quiver.log.record.Embedding;

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
            if (skip < 0 || limit < 0) {
                throw new IllegalArgumentException(
                        "skip (%d) and limit (%d) must not be negative".formatted(skip, limit));
            }
        }
    }

    /** How many records the filter accepts. */
    record Count(CollectionId collection, Filter filter, Consistency consistency, Deadline deadline) implements Query {
        @Override
        public Projection projection() {
            return Projection.IDS;
        }
    }
}
