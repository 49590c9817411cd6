package io.quiver.executor.index;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One batch of searches over one range of rows: the scratch of one call of {@link FlatIndex#search}, on one thread. */
final class FlatScan {
    private final EmbeddingRows rows;
    private final int blockRows;
    private final List<Group> groups;

    FlatScan(Metric metric, EmbeddingRows rows, Kernels kernels, int blockRows, List<RowSearch> searches) {
        this.rows = rows;
        this.blockRows = blockRows;
        RowBlock block = new RowBlock(rows, metric, blockRows);
        this.groups = new ArrayList<>();
        for (RowSearch search : searches) {
            groupOf(search, block).active.add(new QueryScan(metric, rows.dimension(), kernels, search, block));
        }
    }

    /** Searches that accept the same set of rows look at them together. */
    private Group groupOf(RowSearch search, RowBlock block) {
        for (Group group : groups) {
            if (group.candidates == search.candidates()) {
                return group;
            }
        }
        Group group = new Group(search.candidates(), block);
        groups.add(group);
        return group;
    }

    void run(RowRange range) {
        int to;
        for (int from = range.from(); from < range.to(); from = to) {
            to = blockEnd(from, range.to());
            boolean isWanted = false;
            for (Group group : groups) {
                isWanted |= group.scan(from, to);
            }
            if (!isWanted) {
                return;
            }
        }
    }

    /** A block lies within one chunk. */
    private int blockEnd(int from, int end) {
        long block = (long) (from / blockRows + 1) * blockRows;
        long chunk = (long) (from / rows.chunkRows() + 1) * rows.chunkRows();
        return (int) Math.min(end, Math.min(block, chunk));
    }

    /** Queries that look at the same rows. */
    private static final class Group {
        private final @Nullable RowSet candidates;
        private final List<QueryScan> active = new ArrayList<>();
        private final RowBlock block;

        Group(@Nullable RowSet candidates, RowBlock block) {
            this.candidates = candidates;
            this.block = block;
        }

        /** Two queries a turn, so that each row is loaded once for both; {@code false} when all have stopped. */
        boolean scan(int from, int to) {
            active.removeIf(QueryScan::isStopped);
            if (active.isEmpty()) {
                return false;
            }
            block.fill(from, to, candidates);
            if (block.count() > 0) {
                scanBlock();
            }
            return true;
        }

        private void scanBlock() {
            int pairs = active.size() / 2;
            for (int i = 0; i < pairs; i++) {
                active.get(2 * i).scanWith(active.get(2 * i + 1));
            }
            if (active.size() % 2 == 1) {
                active.getLast().scan();
            }
        }
    }
}
