package io.quiver.executor.index.graph;

import io.quiver.executor.index.RowSearch;
import io.quiver.executor.index.RowSet;
import io.quiver.executor.index.code.CodeKernels;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One query on its way through a graph: its table, its beam, and the nodes it has expanded.
 *
 * <p>A node enters the beam by an estimate, and again by a better one from a nearer parent; it counts as visited only
 * when it is expanded. Its true distance is computed then, from the bytes of its own row.
 *
 * <p>A walk for hits stops where nothing is near enough to become one: {@link NearestNodes} says how near that is.
 *
 * <p>With a filter, only nodes that it accepts enter the beam. The others are <b>bridges</b>, in a beam of their own:
 * the nearest of them are expanded too, while they are nearer than the beam's last, for the way to a match may lead
 * over them.
 *
 * <p>A walk takes one step at a time, so that several can take turns on one thread. Belongs to one thread; reused from
 * query to query.
 */
final class Walk {
    private static final CodeKernels KERNELS = CodeKernels.best();
    private static final int LINE_BYTES = 64;
    /** Best nodes of the entry table that a search begins with. */
    private static final int ENTRIES = 4;
    /** The same where there is a filter: what it accepts may lie in many places far from each other. */
    private static final int FILTERED_ENTRIES = 32;
    /** A head that is farther than the entries found so far, by this share of the squared distance, has no nearer ones. */
    private static final float HEADS_BEYOND = 1.3f;

    /** Bridges that a walk remembers for each place of its beam. */
    private static final int BRIDGES_A_PLACE = 2;
    /** Bridges that a walk expands at most for each place of its beam. */
    private static final int BRIDGE_STEPS_A_PLACE = 4;

    private static final int EXPANDED_FIRST = 256;

    private final MemorySegment image;
    private final GraphLayout layout;
    private final long rowsAt;
    private final long stride;
    private final int codesAt;
    private final int factorsAt;
    private final int idsAt;
    private final int lines;

    private final float[] query;
    private final byte[] table;
    private final int[] sums = new int[2 * CodeKernels.BLOCK];
    private final float[] totals = new float[3];
    private final float[] estimates = new float[CodeKernels.BLOCK];
    private float scale;
    private float base;
    private float norm;
    private float sum;

    private final NearestHeads heads;
    private final Beam beam;
    private final Beam bridges;
    private @Nullable NearestNodes nearest;
    private @Nullable RowSet filter;
    private int absent;
    private float reach;
    private int entries;
    private int entryBlocksSeen;
    private int bridgeStepsLeft;
    private final long[] visited;
    private long[] expanded = new long[EXPANDED_FIRST];
    private int expandedCount;
    private int next;
    private long touched;

    Walk(MemorySegment image, GraphLayout layout) {
        this.image = image;
        this.layout = layout;
        this.rowsAt = layout.row(0);
        this.stride = layout.strideBytes();
        this.codesAt = layout.codesAt();
        this.factorsAt = layout.factorsAt();
        this.idsAt = layout.idsAt();
        this.lines = layout.lines();
        this.query = new float[layout.codeDimension()];
        this.table = new byte[CodeKernels.tableBytes(layout.codeDimension())];
        this.heads = new NearestHeads(image, layout);
        this.beam = new Beam(layout.nodeCount());
        this.bridges = new Beam(layout.nodeCount());
        this.visited = new long[(layout.nodeCount() + 63) / 64];
    }

    /** Where the caller writes the query, in code space, before it begins. */
    float[] query() {
        return query;
    }

    /**
     * Begins to look for neighbours of a new node, and ends when all of its beam is expanded. Looks for entries among
     * the first {@code entryBlocks} of the entry table.
     */
    void begin(int ef, int entryBlocks) {
        nearest = null;
        filter = null;
        absent = RowSearch.NONE;
        enter(ef, entryBlocks);
    }

    /**
     * Begins to look for the hits of a search, and ends when no estimate is near enough to be one.
     *
     * @param hits receives them; begun anew for this search
     */
    void begin(RowSearch search, NearestNodes hits) {
        nearest = hits;
        filter = search.candidates();
        absent = search.absent();
        enter(Math.min(search.ef(), layout.nodeCount()), layout.entryBlocks());
    }

    private void enter(int ef, int entryBlocks) {
        reach = Float.POSITIVE_INFINITY;
        forget();
        prepareTable();
        entries = Math.min(ef, filter == null ? ENTRIES : FILTERED_ENTRIES);
        beam.reset(entries, ef);
        if (filter != null) {
            bridges.reset(ENTRIES, BRIDGES_A_PLACE * ef + ENTRIES);
            bridgeStepsLeft = BRIDGE_STEPS_A_PLACE * ef;
        }
        lookForEntries(entryBlocks);
        beam.widen(ef);
        if (filter != null) {
            bridges.widen(BRIDGES_A_PLACE * ef + ENTRIES);
        }
        chooseNext();
    }

    /**
     * Looks at heads and at the blocks of the nearest of them, until entries are near enough; where there are none, or
     * not yet, at all blocks. So it is where a filter accepts too few of these: what it accepts may lie far from the
     * query.
     */
    private void lookForEntries(int entryBlocks) {
        entryBlocksSeen = 0;
        int headBlocks = EntryTable.headBlocks(layout.entryBlocks());
        if (headBlocks == 0 || entryBlocks < layout.entryBlocks()) {
            scanEntries(0, entryBlocks);
            return;
        }
        entryBlocksSeen = headBlocks;
        for (long head : heads.find(query, table, scale, norm)) {
            if (head == Beam.EMPTY || Beam.distance(head) > HEADS_BEYOND * beam.threshold()) {
                break;
            }
            scanEntry(headBlocks + (int) head);
        }
        if (filter != null && beam.size() < entries) {
            scanEntries(headBlocks, entryBlocks);
        }
    }

    private void scanEntries(int from, int to) {
        for (int block = from; block < to; block++) {
            scanEntry(block);
        }
    }

    private void scanEntry(int block) {
        entryBlocksSeen++;
        long entry = layout.entry(block);
        scan(entry, entry + layout.entryFactorsAt(), entry + layout.entryIdsAt(), norm);
    }

    private void forget() {
        for (int i = 0; i < expandedCount; i++) {
            visited[(int) expanded[i] >>> 6] = 0;
        }
        expandedCount = 0;
    }

    private void prepareTable() {
        scale = KERNELS.fillTable(query, table);
        KERNELS.totals(query, totals);
        sum = totals[0];
        norm = totals[1];
        base = -totals[2];
    }

    /**
     * Takes the first walks up to {@code steps} steps on, by turns; {@code false} when all have come to their ends. All
     * rows of a turn are touched before the first is used, so that they come from memory side by side, and so do the
     * lines of each.
     */
    static boolean together(Walk[] walks, int count, int steps) {
        boolean isAlive = true;
        for (int step = 0; step < steps && isAlive; step++) {
            isAlive = false;
            for (int i = 0; i < count; i++) {
                walks[i].touchNext();
            }
            for (int i = 0; i < count; i++) {
                isAlive |= walks[i].step();
            }
        }
        return isAlive;
    }

    private void touchNext() {
        if (next >= 0) {
            long row = rowsAt + next * stride;
            long bytes = 0;
            for (long at = row; at < row + stride; at += LINE_BYTES) {
                bytes += image.get(GraphLayout.LONG, at);
            }
            touched += bytes;
        }
    }

    /** Expands one node; {@code false} when there is none left. */
    private boolean step() {
        int node = next;
        if (node < 0) {
            return false;
        }
        long row = rowsAt + node * stride;
        int segmentRow = image.get(GraphLayout.INT, row + GraphLayout.ROW_AT);
        float distance = Distance.of(image, row, query, norm, sum);
        visited[node >>> 6] |= 1L << node;
        record(Beam.key(distance, node), segmentRow);
        if (segmentRow != absent) {
            scan(row + codesAt, row + factorsAt, row + idsAt, distance);
        }
        chooseNext();
        return true;
    }

    private void record(long key, int segmentRow) {
        if (expandedCount == expanded.length) {
            expanded = Arrays.copyOf(expanded, 2 * expandedCount);
        }
        expanded[expandedCount++] = key;
        NearestNodes hits = nearest;
        if (hits != null) {
            hits.offer(key, segmentRow);
            reach = hits.reach();
        }
    }

    private void scan(long codes, long factors, long ids, float center) {
        float last = filter == null ? beam.threshold() : Math.max(beam.threshold(), bridges.threshold());
        float threshold = Math.min(last, reach);
        int near = KERNELS.scan(image, codes, factors, table, lines, scale, base, center, threshold, sums, estimates);
        while (near != 0) {
            int slot = Integer.numberOfTrailingZeros(near);
            near &= near - 1;
            int node = image.get(GraphLayout.INT, ids + 4L * slot);
            if (node >= 0 && (visited[node >>> 6] & 1L << node) == 0) {
                beamOf(node).offer(estimates[slot], node);
            }
        }
    }

    private Beam beamOf(int node) {
        RowSet accepted = filter;
        return accepted == null || accepted.contains(segmentRow(node)) ? beam : bridges;
    }

    private void chooseNext() {
        long key = beam.nearestNotIn(visited);
        if (filter != null && bridgeStepsLeft > 0) {
            long bridge = bridges.nearestNotIn(visited);
            if (bridge < key && Beam.distance(bridge) < beam.threshold()) {
                bridgeStepsLeft--;
                key = bridge;
            }
        }
        next = key == Long.MAX_VALUE || Beam.distance(key) > reach ? GraphLayout.NONE : (int) key;
    }

    /** The row of the segment that a node stands for. */
    int segmentRow(int node) {
        return image.get(GraphLayout.INT, rowsAt + node * stride + GraphLayout.ROW_AT);
    }

    /** Blocks of the entry table that this walk has looked at, heads among them. */
    int entryBlocksSeen() {
        return entryBlocksSeen;
    }

    int expandedCount() {
        return expandedCount;
    }

    /** How many of the nodes expanded lie no farther from the query than this. */
    int expandedWithin(float distance) {
        int within = 0;
        for (int i = 0; i < expandedCount; i++) {
            within += Beam.distance(expanded[i]) <= distance ? 1 : 0;
        }
        return within;
    }

    /** Nodes expanded, as {@link Beam#key}s, bridges among them; sorted by whoever wants that. */
    long[] expanded() {
        return expanded;
    }

    /** Keeps the touches from being seen as useless. */
    long touched() {
        return touched;
    }
}
