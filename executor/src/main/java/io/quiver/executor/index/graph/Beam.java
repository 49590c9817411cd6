package io.quiver.executor.index.graph;

import io.quiver.executor.index.code.CodeKernels;
import java.util.Arrays;

/**
 * The nearest nodes that a walk knows of, by estimate: one sorted array of longs, distance bits above, node below.
 *
 * <p>A node is in it once: a better estimate moves it forward, a worse one is not heard. What falls off the end is
 * forgotten, and may come again. Belongs to one thread; reused from query to query.
 */
final class Beam {
    private static final CodeKernels KERNELS = CodeKernels.best();
    private static final int WINDOW = CodeKernels.WINDOW;
    /** Behind every key; as a distance, infinite. */
    static final long EMPTY = 0x7F80_0000_7FFF_FFFFL;

    private final long[] queued;
    private long[] keys = new long[0];
    private int limit;
    private int size;
    private int cursor;

    Beam(int nodeCount) {
        queued = new long[(nodeCount + 63) / 64];
    }

    /** Sorts by distance, then by node; what is less than nothing counts as nothing. */
    static long key(float distance, int node) {
        return (long) Float.floatToRawIntBits(Math.max(distance, 0)) << 32 | node;
    }

    static float distance(long key) {
        return Float.intBitsToFloat((int) (key >>> 32));
    }

    /** Empties the beam; it may hold up to {@code capacity} nodes, at first {@code limit}. */
    void reset(int limit, int capacity) {
        for (int i = 0; i < size; i++) {
            queued[(int) keys[i] >>> 6] = 0;
        }
        if (keys.length < capacity + WINDOW) {
            keys = new long[capacity + WINDOW];
            size = 0;
        }
        Arrays.fill(keys, 0, Math.max(size, capacity) + WINDOW, EMPTY);
        this.limit = limit;
        size = 0;
        cursor = 0;
    }

    /** Lets the beam hold more, up to its capacity. */
    void widen(int newLimit) {
        limit = newLimit;
    }

    /** What is not nearer than this cannot enter. */
    float threshold() {
        return distance(keys[limit - 1]);
    }

    void offer(float estimate, int node) {
        long key = key(estimate, node);
        if (key >= keys[limit - 1]) {
            return;
        }
        int at = position(key);
        int end = endOfMove(node, at);
        if (end >= 0) {
            System.arraycopy(keys, at, keys, at + 1, end - at);
            keys[at] = key;
            cursor = Math.min(cursor, at);
        }
    }

    /**
     * Where the gap is that keys from {@code at} on may move into: the node's own place, or the end; -1 to leave all as
     * it is.
     */
    private int endOfMove(int node, int at) {
        long bit = 1L << node;
        if ((queued[node >>> 6] & bit) != 0) {
            int own = KERNELS.indexOf(keys, at, size, node);
            return own < size ? own : -1;
        }
        queued[node >>> 6] |= bit;
        if (size < limit) {
            return size++;
        }
        int pushedOut = (int) keys[limit - 1];
        queued[pushedOut >>> 6] &= ~(1L << pushedOut);
        return limit - 1;
    }

    /** How many keys are smaller: halves until a window is left, then counts; no branch to guess. */
    private int position(long key) {
        int from = 0;
        int length = size;
        while (length > WINDOW) {
            int half = length >>> 1;
            from = keys[from + half - 1] < key ? from + half : from;
            length -= half;
        }
        return from + KERNELS.countSmaller(keys, from, key);
    }

    /** The key of the nearest node that is not in a set, {@code Long.MAX_VALUE} where there is none. */
    long nearestNotIn(long[] set) {
        while (cursor < size) {
            long key = keys[cursor];
            int node = (int) key;
            if ((set[node >>> 6] & 1L << node) == 0) {
                return key;
            }
            cursor++;
        }
        return Long.MAX_VALUE;
    }

    int size() {
        return size;
    }

    /** The key of the node that is nearest but {@code i}. */
    long key(int i) {
        return keys[i];
    }
}
