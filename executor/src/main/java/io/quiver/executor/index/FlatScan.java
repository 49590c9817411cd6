package io.quiver.executor.index;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One batch of searches over one range of rows: the scratch of one call of {@link FlatIndex#search}, on one thread. */
final class FlatScan {
    private final List<Group> groups = new ArrayList<>();

    FlatScan(Metric metric, EmbeddingRows rows, Kernels kernels, int blockRows, List<RowSearch> searches) {
        RowBlock block = new RowBlock(rows, metric, blockRows);
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
        for (Group group : groups) {
            group.run(range);
        }
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

        /** Block by block, until all have stopped. */
        void run(RowRange range) {
            int from = range.from();
            while (from < range.to() && isWanted()) {
                from = block.fill(from, range.to(), candidates);
                if (block.count() > 0) {
                    scanBlock();
                }
            }
        }

        private boolean isWanted() {
            active.removeIf(QueryScan::isStopped);
            return !active.isEmpty();
        }

        /** A block of long rows takes many queries a long time: those that come late in it may have been stopped. */
        private static void scanPair(QueryScan first, QueryScan second) {
            if (!first.isStopped() || !second.isStopped()) {
                first.scanWith(second);
            }
        }

        /** Two queries a turn, so that each row is loaded once for both. */
        private void scanBlock() {
            int pairs = active.size() / 2;
            for (int i = 0; i < pairs; i++) {
                scanPair(active.get(2 * i), active.get(2 * i + 1));
            }
            if (active.size() % 2 == 1) {
                active.getLast().scan();
            }
        }
    }
}
