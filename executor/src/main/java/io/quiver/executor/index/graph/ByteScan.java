package io.quiver.executor.index.graph;

import io.quiver.executor.index.EmbeddingRows;
import io.quiver.executor.index.RowSearch;
import io.quiver.executor.index.RowSet;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One search after the other among the bytes of accepted rows. Scratch of one thread. */
final class ByteScan {
    /** Fewer rows are compared by their bytes at once, however long they are. */
    private static final int FEW = 64;

    private final ByteComparison comparison;
    private final @Nullable SketchScan sketches;
    private final int[] rows = new int[FEW];

    /** @param sketches {@code null} where rows are so short that their bytes are compared at once */
    ByteScan(
            MemorySegment image,
            GraphLayout layout,
            CodeSpace space,
            EmbeddingRows embeddings,
            RowNodes nodes,
            @Nullable RowSketches sketches) {
        this.comparison = new ByteComparison(image, layout, space, embeddings, nodes);
        this.sketches = sketches == null ? null : new SketchScan(sketches, comparison.query());
    }

    /** @param search with a filter, and a query with a length */
    void search(RowSearch search) {
        ByteComparison.Session session = comparison.begin(search);
        RowSet candidates = Objects.requireNonNull(search.candidates());
        int compared = sketches == null || candidates.copy(0, rows, FEW) < FEW
                ? scan(session, candidates)
                : sketches.scan(session, candidates, search.hits().k());
        search.work().addEstimates(compared);
        session.finish();
    }

    private int scan(ByteComparison.Session session, RowSet candidates) {
        int compared = 0;
        int next = 0;
        int count;
        do {
            count = candidates.copy(next, rows, ByteComparison.BATCH);
            session.compare(rows, count);
            compared += count;
            next = rows[Math.max(0, count - 1)] + 1;
        } while (count == ByteComparison.BATCH && !session.isStopped());
        return compared;
    }

    /** Keeps what is touched from being seen as useless. */
    long touched() {
        return comparison.query().touched() + (sketches == null ? 0 : sketches.touched());
    }
}
