package io.quiver.executor.index.code;

import java.lang.foreign.MemorySegment;

/**
 * Kernels on vectors of 256 bits, and of 128 where nibbles are looked up: AVX2 shuffles bytes within 16 only, which is
 * just what a table of 16 entries needs.
 *
 * <p>Each method is a compilation unit of its own ({@code deploy/jvm.options} forbids to inline them): within a large
 * caller the compiler may give up on some vector and make an object of it each time. The loops are small, static, and
 * hand each other no vectors but in methods of a line, for the same reason.
 */
final class Vector256CodeKernels implements CodeKernels {
    @Override
    public String name() {
        return "vector-256";
    }

    @Override
    public int scan(
            MemorySegment memory,
            long codes,
            long factors,
            byte[] table,
            int lines,
            float scale,
            float base,
            float center,
            float threshold,
            int[] sums,
            float[] estimates) {
        Scan128.sum(memory, codes, table, 64 * lines, sums);
        return Scan128.finish(memory, factors, sums, scale, base, center, threshold, estimates);
    }

    @Override
    public float fillTable(float[] query, byte[] table) {
        float scale = TableScale.of(Table256.largestRange(query), query.length);
        Table256.fill(query, TableScale.factor(scale), table);
        return scale;
    }

    @Override
    public void totals(float[] floats, float[] totals) {
        Bytes256.totals(floats, totals);
    }

    @Override
    public float dotBytes(MemorySegment memory, long row, float[] query) {
        return Bytes256.dot(memory, row, query);
    }

    @Override
    public void dotBytes(
            MemorySegment memory, long row0, long row1, long row2, long row3, float[] query, float[] dots) {
        Bytes256.dots(memory, row0, row1, row2, row3, query, dots);
    }

    @Override
    public void residual(
            MemorySegment memory, long row, float lower, float scale, float[] center, short[] bits, float[] sums) {
        Bytes256.residual(memory, row, lower, scale, center, bits, sums);
    }

    @Override
    public float decode(MemorySegment memory, long row, float lower, float scale, float[] floats) {
        return Bytes256.decode(memory, row, lower, scale, floats);
    }

    @Override
    public void addChosen(MemorySegment memory, long[] rows, int from, int to, long[] planes, int[] sums) {
        Signs256.addChosen(memory, rows, from, to, planes, sums);
    }

    @Override
    public int countSmaller(long[] keys, int from, long key) {
        return Keys256.countSmaller(keys, from, key);
    }

    @Override
    public int indexOf(long[] keys, int from, int to, int node) {
        return Keys256.indexOf(keys, from, to, node);
    }

    @Override
    public void flipAndTransform(float[] floats, float[] signs, int from, int length) {
        Hadamard256.flipAndTransform(floats, signs, from, length);
    }
}
