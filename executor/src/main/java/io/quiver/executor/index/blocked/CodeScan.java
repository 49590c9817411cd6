package io.quiver.executor.index.blocked;

import io.quiver.executor.index.ExactRows;
import io.quiver.executor.index.RowRange;
import io.quiver.executor.index.RowSearch;
import java.util.ArrayList;
import java.util.List;

/**
 * One batch of searches over codes: the scratch of one call, on one thread. A chunk stays in the second-level cache
 * while all searches go through it.
 */
final class CodeScan {
    private final BlockedCodes codes;
    private final List<CodedQuery> queries = new ArrayList<>();

    CodeScan(BlockedCodes codes, List<RowSearch> searches) {
        this.codes = codes;
        ExactRows exact = new ExactRows(codes.metric(), codes.rows());
        for (RowSearch search : searches) {
            queries.add(new CodedQuery(codes, search, exact));
        }
    }

    /** @param range from the first row of a chunk to the last row of a block */
    void run(RowRange range) {
        List<CodedQuery> active = new ArrayList<>(queries);
        for (int from = range.from(); from < range.to() && !active.isEmpty(); from += BlockLayout.CHUNK_ROWS) {
            int first = from;
            active.removeIf(query -> !scanned(query, first, range.to()));
        }
        queries.forEach(CodedQuery::finish);
    }

    /** Looks at one chunk; {@code false} where the query is stopped. */
    private boolean scanned(CodedQuery query, int from, int to) {
        if (query.isStopped()) {
            return false;
        }
        int rows = Math.min(BlockLayout.CHUNK_ROWS, to - from);
        query.scan(codes.chunk(from / BlockLayout.CHUNK_ROWS), from, rows / BlockLayout.BLOCK_ROWS);
        return true;
    }
}
