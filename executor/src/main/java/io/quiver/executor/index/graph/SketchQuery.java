package io.quiver.executor.index.graph;

import io.quiver.executor.index.code.CodeKernels;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * One query after the other, compared with sketches of rows ({@link RowSketches}).
 *
 * <p>Components of the query become whole numbers of four bits, {@code q = step u}, so that {@code <q, s>} is a matter
 * of counting bits. What that rounds off is one more error by chance.
 *
 * <p>Scratch of one thread.
 */
final class SketchQuery {
    private static final CodeKernels KERNELS = CodeKernels.best();

    /** Rows that are compared together. */
    static final int TURN = 32;

    private static final int LINE_BYTES = 64;

    /** The largest whole number, so that its opposite is one too. */
    private static final int LARGEST = (1 << CodeKernels.PLANES - 1) - 1;

    /** Makes positive numbers of all, which a cast rounds to the nearest. */
    private static final float UPWARDS = LARGEST + 1.5f;

    /** A smaller part of a query across a row has errors of rounding in it above all. */
    private static final double ACROSS_MIN = 1e-3;

    private static final VarHandle EIGHT = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final long LOWEST_BITS = 0x0101010101010101L;

    /** Times this, the lowest bits of eight bytes are side by side in the highest one. */
    private static final long GATHER = 0x0102040810204080L;

    private final RowSketches sketches;
    private final MemorySegment memory;
    private final long[] planes;
    private final long[] signs = new long[TURN];
    private final int[] sums = new int[TURN];
    private final byte[] wholes = new byte[Long.SIZE];
    private float step;
    private int total;
    private float square;
    private float roundedOff;
    private long touched;

    SketchQuery(RowSketches sketches) {
        this.sketches = sketches;
        this.memory = sketches.memory();
        this.planes = new long[CodeKernels.PLANES * CodeKernels.planeWords(sketches.codeDimension())];
    }

    /**
     * From here on this query is compared.
     *
     * @param query in code space; of a finite square
     */
    void ask(float[] query) {
        float largest = 0;
        double squares = 0;
        for (float component : query) {
            largest = Math.max(largest, Math.abs(component));
            squares += (double) component * component;
        }
        step = largest / LARGEST;
        square = (float) squares;
        total = 0;
        roundedOff = 0;
        for (int from = 0; from < query.length; from += Long.SIZE) {
            round(query, from, Math.min(from + Long.SIZE, query.length));
        }
    }

    /** Makes a word of each plane. */
    private void round(float[] query, int from, int to) {
        float perStep = step > 0 ? 1 / step : 0;
        int sum = 0;
        float off = 0;
        for (int i = from; i < to; i++) {
            int whole = (int) (query[i] * perStep + UPWARDS) - (LARGEST + 1);
            float rest = query[i] - step * whole;
            wholes[i - from] = (byte) whole;
            sum += whole;
            off += rest * rest;
        }
        total += sum;
        roundedOff += off;
        int words = planes.length / CodeKernels.PLANES;
        for (int plane = 0; plane < CodeKernels.PLANES; plane++) {
            planes[plane * words + from / Long.SIZE] = bits(plane, to - from);
        }
    }

    /** One bit of each of the numbers that belong to a word. */
    private long bits(int plane, int count) {
        long bits = 0;
        for (int i = 0; i < count; i += Long.BYTES) {
            long eight = (long) EIGHT.get(wholes, i) >>> plane & LOWEST_BITS;
            bits |= (eight * GATHER >>> Long.SIZE - Byte.SIZE) << i;
        }
        return bits;
    }

    /** {@link RowSketches#deviations}, of what is compared here. */
    float deviations() {
        return sketches.deviations();
    }

    /**
     * How far rows are from the query at least, if no sketch is more than so many standard deviations off.
     *
     * @param query the same, to be compared with bytes
     * @param least receives the distances in code space, not squared, of the first {@code count} rows
     */
    void compare(int[] rows, int count, ByteQuery query, float deviations, float[] least) {
        for (int turn = 0; turn < count; turn += TURN) {
            int together = Math.min(TURN, count - turn);
            for (int i = 0; i < together; i++) {
                signs[i] = sketches.place(rows[turn + i]) + RowSketches.SIGNS_AT;
            }
            addUp(together);
            for (int i = 0; i < together; i++) {
                least[turn + i] = least(signs[i] - RowSketches.SIGNS_AT, product(i), query, deviations);
            }
        }
    }

    /** First reads every line, so that they come from memory side by side. */
    private void addUp(int count) {
        int bytes = sketches.strideBytes() - RowSketches.SIGNS_AT;
        long seen = 0;
        for (int i = 0; i < count; i++) {
            for (int at = 0; at < bytes; at += LINE_BYTES) {
                seen += memory.get(GraphLayout.LONG, signs[i] + at);
            }
        }
        touched += seen;
        KERNELS.addChosen(memory, signs, 0, count, planes, sums);
    }

    /** Keeps the touches from being seen as useless. */
    long touched() {
        return touched;
    }

    /** Of the query and the signs of a row. */
    private float product(int at) {
        return step * (2 * sums[at] - total);
    }

    private float least(long place, float product, ByteQuery query, float deviations) {
        float rowSquare = memory.get(GraphLayout.FLOAT, place + RowSketches.SQUARE_AT);
        float factor = memory.get(GraphLayout.FLOAT, place + RowSketches.FACTOR_AT);
        float spread = memory.get(GraphLayout.FLOAT, place + RowSketches.SPREAD_AT);
        float scale = memory.get(GraphLayout.FLOAT, place + RowSketches.SCALE_AT);
        float error = deviations * (float) Math.sqrt(square * spread + factor * factor * roundedOff);
        float squared = square + rowSquare - 2 * (factor * product + error) - query.roundingOf(rowSquare);
        return (float) Math.sqrt(Math.max(0, squared)) - query.errorOf(scale);
    }

    /**
     * By how many standard deviations the estimate of a row is off; 0 where it says nothing.
     *
     * @param squared distance of the query from the row's bytes
     */
    float deviation(int row, float squared) {
        long place = sketches.place(row);
        signs[0] = place + RowSketches.SIGNS_AT;
        addUp(1);
        float rowSquare = memory.get(GraphLayout.FLOAT, place + RowSketches.SQUARE_AT);
        float factor = memory.get(GraphLayout.FLOAT, place + RowSketches.FACTOR_AT);
        float spread = memory.get(GraphLayout.FLOAT, place + RowSketches.SPREAD_AT);
        double product = (square + rowSquare - squared) / 2;
        double across = square - (rowSquare > 0 ? product * product / rowSquare : 0);
        double variance = across * spread + factor * factor * roundedOff;
        double off = Math.abs(factor * product(0) - product) / Math.sqrt(variance);
        return across > ACROSS_MIN * square && Double.isFinite(off) ? (float) off : 0;
    }
}
