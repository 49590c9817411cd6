package io.quiver.executor.index.graph;

import io.quiver.executor.index.code.CodeKernels;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * One query on its way through a graph: its table, its beam, and the nodes it has expanded.
 *
 * <p>The beam is one sorted array of longs: distance bits, node, and whether the node has been expanded. A node enters it
 * by an estimate, and again by a better one from a nearer parent; it counts as visited only when it is expanded. Its true
 * distance is computed then, from the bytes of its own row.
 *
 * <p>A walk takes one step at a time, so that several can take turns on one thread. Belongs to one thread; reused from query
 * to query.
 */
final class Walk {
    private static final CodeKernels KERNELS = CodeKernels.best();
    private static final int WINDOW = CodeKernels.WINDOW;
    private static final int LINE_BYTES = 64;
    /** Behind every key; as a distance, infinite. */
    private static final long EMPTY = 0x7F80_0000_7FFF_FFFFL;
    /** Best nodes of the entry table that a search begins with. */
    private static final int ENTRIES = 8;

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
    private final float[] estimates = new float[CodeKernels.BLOCK];
    private final int[] sums = new int[2 * CodeKernels.BLOCK];
    private float scale;
    private float base;
    private float norm;
    private float sum;

    private long[] beam = new long[0];
    private int limit;
    private int size;
    private int cursor;
    private final long[] visited;
    private final long[] queued;
    private long[] expanded = new long[256];
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
        this.visited = new long[(layout.nodeCount() + 63) / 64];
        this.queued = new long[visited.length];
    }

    /** Where the caller writes the query, in code space, before {@link #begin}. */
    float[] query() {
        return query;
    }

    /** Looks for the best entries; {@code entryBlocks} of the entry table are filled. */
    void begin(int ef, int entryBlocks) {
        reset(ef);
        limit = Math.min(ef, ENTRIES);
        scale = KERNELS.fillTable(query, table);
        sum = 0;
        norm = 0;
        float absolute = 0;
        for (float value : query) {
            sum += value;
            norm += value * value;
            absolute += Math.abs(value);
        }
        base = -absolute;
        for (int block = 0; block < entryBlocks; block++) {
            long entry = layout.entry(block);
            scan(entry, entry + layout.entryFactorsAt(), entry + layout.entryIdsAt(), norm);
        }
        limit = ef;
        chooseNext();
    }

    private void reset(int ef) {
        for (int i = 0; i < expandedCount; i++) {
            visited[(int) expanded[i] >>> 6] = 0;
        }
        for (int i = 0; i < size; i++) {
            queued[(int) beam[i] >>> 6] = 0;
        }
        expandedCount = 0;
        size = 0;
        cursor = 0;
        if (beam.length < ef + WINDOW) {
            beam = new long[ef + WINDOW];
        }
        Arrays.fill(beam, 0, ef + WINDOW, EMPTY);
    }

    /**
     * Runs the first walks to their ends, by turns. All rows of a turn are touched before the first is used, so that they
     * come from memory side by side; a walk alone has nothing to gain from that.
     */
    static void together(Walk[] walks, int count) {
        boolean isAlive = true;
        while (isAlive) {
            isAlive = false;
            for (int i = 0; i < count && count > 1; i++) {
                walks[i].touchNext();
            }
            for (int i = 0; i < count; i++) {
                isAlive |= walks[i].step();
            }
        }
    }

    /** Expands one node; {@code false} when there is none left. */
    boolean step() {
        int node = next;
        if (node < 0) {
            return false;
        }
        long row = rowsAt + node * stride;
        float distance = Distance.of(image, row, query, norm, sum);
        visited[node >>> 6] |= 1L << node;
        record(distance, node);
        scan(row + codesAt, row + factorsAt, row + idsAt, distance);
        chooseNext();
        return true;
    }

    private void scan(long codes, long factors, long ids, float center) {
        float threshold = Float.intBitsToFloat((int) (beam[limit - 1] >>> 32));
        int near =
                KERNELS.scan(image, codes, factors, table, lines, scale, base, center, threshold, sums, estimates);
        while (near != 0) {
            int slot = Integer.numberOfTrailingZeros(near);
            near &= near - 1;
            int node = image.get(GraphLayout.INT, ids + 4L * slot);
            if (node >= 0 && !isIn(visited, node)) {
                insert(estimates[slot], node);
            }
        }
    }

    private void insert(float estimate, int node) {
        long key = key(estimate, node);
        if (key >= beam[limit - 1]) {
            return;
        }
        int at = position(key);
        int end;
        if (isIn(queued, node)) {
            end = KERNELS.indexOf(beam, at, size, node);
            if (end >= size) {
                return;
            }
        } else {
            queued[node >>> 6] |= 1L << node;
            if (size < limit) {
                end = size++;
            } else {
                end = limit - 1;
                int pushedOut = (int) beam[end];
                queued[pushedOut >>> 6] &= ~(1L << pushedOut);
            }
        }
        System.arraycopy(beam, at, beam, at + 1, end - at);
        beam[at] = key;
        cursor = Math.min(cursor, at);
    }

    private static boolean isIn(long[] set, int node) {
        return (set[node >>> 6] & 1L << node) != 0;
    }

    /** How many keys of the beam are smaller: halves until a window is left, then counts; no branch to guess. */
    private int position(long key) {
        int from = 0;
        int length = size;
        while (length > WINDOW) {
            int half = length >>> 1;
            from = beam[from + half - 1] < key ? from + half : from;
            length -= half;
        }
        return from + KERNELS.countSmaller(beam, from, key);
    }

    /** Sorts by distance, then by node; what is less than nothing counts as nothing. */
    static long key(float distance, int node) {
        return (long) Float.floatToRawIntBits(Math.max(distance, 0)) << 32 | node;
    }

    /** Takes the nearest node of the beam that has not been expanded. */
    private void chooseNext() {
        next = -1;
        while (cursor < size) {
            long key = beam[cursor];
            int node = (int) key;
            cursor++;
            if (!isIn(visited, node)) {
                next = node;
                return;
            }
        }
    }

    private void touchNext() {
        if (next >= 0) {
            long row = rowsAt + next * stride;
            long sum = 0;
            for (long at = row; at < row + stride; at += LINE_BYTES) {
                sum += image.get(GraphLayout.LONG, at);
            }
            touched += sum;
        }
    }

    private void record(float distance, int node) {
        if (expandedCount == expanded.length) {
            expanded = Arrays.copyOf(expanded, 2 * expandedCount);
        }
        expanded[expandedCount++] = key(distance, node);
    }

    int expandedCount() {
        return expandedCount;
    }

    /** Nodes expanded, as distance bits and node; sorted by whoever wants that. */
    long[] expanded() {
        return expanded;
    }

    /** Keeps the touches from being seen as useless. */
    long touched() {
        return touched;
    }
}
