package io.quiver.executor.index.graph;

import io.quiver.executor.index.RowSearch;
import io.quiver.executor.index.RowSet;
import io.quiver.executor.index.code.NibbleKernels;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One query on its way through a compact image. Each node is scored once, by its code, when a neighbour of it is
 * expanded; the beam is the answer.
 *
 * <p>With a filter, only nodes that it accepts enter the beam; the nearest of the others are bridges, as in
 * {@link Walk}.
 *
 * <p>A walk takes one step at a time, so that several can take turns on one thread. Belongs to one thread; reused from
 * query to query.
 */
final class CompactWalk {
    private static final NibbleKernels KERNELS = NibbleKernels.best();
    private static final int LINE_BYTES = 64;
    /** Rows that are scored at a time. */
    private static final int FOUR = 4;

    private static final int BRIDGES_A_PLACE = 2;
    private static final int BRIDGE_STEPS_A_PLACE = 4;
    private static final int SCORED_FIRST = 1024;

    private final MemorySegment image;
    private final CompactLayout layout;
    private final long rowsAt;
    private final long stride;
    private final int idsAt;
    private final int idBytes;
    private final int idMask;
    private final int degree;

    private final float[] query;
    private final short[] nibbleQuery;
    private float scale;
    private float norm;
    private float sum;

    private final Beam beam;
    private final Beam bridges;
    private @Nullable RowSet filter;
    private int bridgeStepsLeft;
    private final long[] isScored;
    private final long[] isExpanded;
    private int[] scored = new int[SCORED_FIRST];
    private int scoredCount;
    private final int[] fresh = new int[GraphLayout.DEGREE + FOUR];
    private int freshCount;
    private final int[] dots = new int[FOUR];
    private long touched;

    CompactWalk(MemorySegment image, CompactLayout layout) {
        this.image = image;
        this.layout = layout;
        this.rowsAt = layout.row(0);
        this.stride = layout.strideBytes();
        this.idsAt = layout.idsAt();
        this.idBytes = layout.idBytes();
        this.idMask = layout.idMask();
        this.degree = layout.degree();
        this.query = new float[layout.codeDimension()];
        this.nibbleQuery = new short[NibbleKernels.queryShorts(layout.codeDimension())];
        this.beam = new Beam(layout.nodeCount());
        this.bridges = new Beam(layout.nodeCount());
        this.isScored = new long[(layout.nodeCount() + 63) / 64];
        this.isExpanded = new long[isScored.length];
    }

    /** Where the caller writes the query, in code space, before it begins. */
    float[] query() {
        return query;
    }

    /** Scores the entry nodes, all of which may stay: none is met a second time. */
    void begin(RowSearch search, int ef) {
        filter = search.candidates();
        forget();
        prepareQuery();
        beam.reset(ef, ef);
        if (filter != null) {
            bridges.reset(BRIDGES_A_PLACE * ef, BRIDGES_A_PLACE * ef);
            bridgeStepsLeft = BRIDGE_STEPS_A_PLACE * ef;
        }
        leaveOut(search.absent());
        scoreEntries();
    }

    /** What counts as scored without having been is never met. */
    private void leaveOut(int node) {
        freshCount = 0;
        if (node != RowSearch.NONE) {
            meet(node);
            record();
        }
    }

    private void forget() {
        for (int i = 0; i < scoredCount; i++) {
            isScored[scored[i] >>> 6] = 0;
            isExpanded[scored[i] >>> 6] = 0;
        }
        scoredCount = 0;
    }

    private void prepareQuery() {
        scale = NibbleKernels.fillQuery(query, nibbleQuery);
        long levels = 0;
        long squares = 0;
        for (short level : nibbleQuery) {
            levels += level;
            squares += (long) level * level;
        }
        sum = scale * levels;
        norm = scale * scale * squares;
    }

    private void scoreEntries() {
        for (int from = 0; from < layout.entryCount(); from += GraphLayout.DEGREE) {
            freshCount = 0;
            for (int i = from; i < Math.min(from + GraphLayout.DEGREE, layout.entryCount()); i++) {
                meet(image.get(GraphLayout.INT, layout.entry(i)));
            }
            score();
        }
    }

    /**
     * Takes the first walks up to {@code steps} steps on, by turns; {@code false} when all have come to their ends. All
     * codes of a turn are touched before the first is used, so that they come from memory side by side.
     */
    static boolean together(CompactWalk[] walks, int count, int steps) {
        boolean isAlive = true;
        for (int step = 0; step < steps && isAlive; step++) {
            isAlive = false;
            for (int i = 0; i < count; i++) {
                isAlive |= walks[i].expand();
            }
            for (int i = 0; i < count; i++) {
                walks[i].score();
            }
        }
        return isAlive;
    }

    /** Expands the nearest node: its neighbours that are not scored yet are to be scored now. */
    private boolean expand() {
        freshCount = 0;
        long nearest = next();
        if (nearest == Long.MAX_VALUE) {
            return false;
        }
        int node = (int) nearest;
        isExpanded[node >>> 6] |= 1L << node;
        long at = rowsAt + node * stride + idsAt;
        for (int i = 0; i < degree; i++, at += idBytes) {
            int neighbor = image.get(GraphLayout.INT, at) & idMask;
            if (neighbor == idMask) {
                break;
            }
            meet(neighbor);
        }
        touch();
        return true;
    }

    private long next() {
        long nearest = beam.nearestNotIn(isExpanded);
        if (filter != null && bridgeStepsLeft > 0) {
            long bridge = bridges.nearestNotIn(isExpanded);
            if (bridge < nearest && Beam.distance(bridge) < beam.threshold()) {
                bridgeStepsLeft--;
                return bridge;
            }
        }
        return nearest;
    }

    private void meet(int node) {
        long bit = 1L << node;
        if ((isScored[node >>> 6] & bit) == 0) {
            isScored[node >>> 6] |= bit;
            fresh[freshCount++] = node;
        }
    }

    private void touch() {
        long bytes = 0;
        for (int i = 0; i < freshCount; i++) {
            long row = rowsAt + fresh[i] * stride;
            for (long at = row; at < row + idsAt; at += LINE_BYTES) {
                bytes += image.get(GraphLayout.LONG, at);
            }
        }
        touched += bytes;
    }

    private void score() {
        Arrays.fill(fresh, freshCount, Math.min(freshCount + FOUR, fresh.length), freshCount > 0 ? fresh[0] : 0);
        for (int i = 0; i < freshCount; i += FOUR) {
            long row0 = rowsAt + fresh[i] * stride;
            long row1 = rowsAt + fresh[i + 1] * stride;
            long row2 = rowsAt + fresh[i + 2] * stride;
            long row3 = rowsAt + fresh[i + 3] * stride;
            KERNELS.dots(image, row0, row1, row2, row3, nibbleQuery, dots);
            for (int j = 0; j < FOUR && i + j < freshCount; j++) {
                offer(fresh[i + j], dots[j]);
            }
        }
        record();
    }

    private void offer(int node, int dot) {
        long row = rowsAt + node * stride;
        float product = layout.lower(image, row) * sum + layout.scale(image, row) * scale * dot;
        float distance = norm + layout.square(image, row) - 2 * product;
        RowSet accepted = filter;
        (accepted == null || accepted.contains(node) ? beam : bridges).offer(distance, node);
    }

    private void record() {
        if (scoredCount + freshCount > scored.length) {
            scored = Arrays.copyOf(scored, 2 * scored.length);
        }
        System.arraycopy(fresh, 0, scored, scoredCount, freshCount);
        scoredCount += freshCount;
    }

    /** The nearest nodes by their codes, accepted ones only; nodes are rows of the segment. */
    Beam beam() {
        return beam;
    }

    /** Nodes whose codes were compared with the query. */
    int scoredCount() {
        return scoredCount;
    }

    /** Keeps the touches from being seen as useless. */
    long touched() {
        return touched;
    }
}
