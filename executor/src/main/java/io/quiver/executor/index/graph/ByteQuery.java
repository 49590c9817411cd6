package io.quiver.executor.index.graph;

import io.quiver.executor.index.code.CodeKernels;
import java.lang.foreign.MemorySegment;

/**
 * One query after the other, compared in code space with the bytes of rows, or with their heads alone.
 *
 * <p>Rows are given by their places in the image. Scratch of one thread.
 */
final class ByteQuery {
    private static final CodeKernels KERNELS = CodeKernels.best();

    /** Rows that are computed together. */
    static final int TURN = 4;

    private static final int LINE_BYTES = 64;
    private static final int HEAD_END = GraphLayout.BYTES_AT + RowHeads.COMPONENTS;

    /** What a sum of squares in single precision, of rotated components, may be wrong by, as a share of it. */
    private static final float PRECISION = 1e-5f;

    /** The same of rows that were brought to one length first, as a share of the square of that. */
    private static final float STRETCH_PRECISION = 2e-6f;

    private final MemorySegment image;
    private final CodeSpace space;
    private final int rowEnd;
    private final float halfDiagonal;
    private final float stretched;
    private final float[] query;
    private final float[] head;
    private final float[] totals = new float[3];
    private final float[] headTotals = new float[3];
    private long touched;

    ByteQuery(MemorySegment image, GraphLayout layout, CodeSpace space) {
        this.image = image;
        this.space = space;
        this.rowEnd = GraphLayout.BYTES_AT + layout.codeDimension();
        this.halfDiagonal = (float) Math.sqrt(layout.codeDimension()) / 2;
        this.stretched = STRETCH_PRECISION * stretchedTo(space) * stretchedTo(space);
        this.query = new float[layout.codeDimension()];
        this.head = new float[Math.min(query.length, RowHeads.COMPONENTS)];
    }

    private static float stretchedTo(CodeSpace space) {
        return switch (space.metric()) {
            case SQUARED_L2 -> 0;
            case COSINE -> 1;
            case INNER_PRODUCT -> space.lengthMax();
        };
    }

    /** From here on this query is compared. */
    void ask(float[] asked) {
        space.project(asked, query);
        KERNELS.totals(query, totals);
        System.arraycopy(query, 0, head, 0, head.length);
        KERNELS.totals(head, headTotals);
    }

    /** Reads every line of some rows, so that they come from memory side by side. */
    void touch(long[] places, int from, int to) {
        touch(places, from, to, 0, rowEnd);
    }

    void touchHeads(long[] places, int from, int to) {
        touch(places, from, to, 0, HEAD_END);
    }

    void touchBehindHeads(long[] places, int from, int to) {
        touch(places, from, to, HEAD_END, rowEnd);
    }

    private void touch(long[] places, int from, int to, int begin, int end) {
        long bytes = 0;
        for (int i = from; i < to; i++) {
            for (int at = begin; at < end; at += LINE_BYTES) {
                bytes += image.get(GraphLayout.LONG, places[i] + at);
            }
        }
        touched += bytes;
    }

    /** Keeps the touches from being seen as useless. */
    long touched() {
        return touched;
    }

    /** Products with {@link #TURN} rows from {@code from} on. */
    void multiply(long[] places, int from, float[] dots) {
        multiply(places, from, query, dots);
    }

    /** Products of heads. */
    void multiplyHeads(long[] places, int from, float[] dots) {
        multiply(places, from, head, dots);
    }

    private void multiply(long[] places, int from, float[] floats, float[] dots) {
        int at = GraphLayout.BYTES_AT;
        KERNELS.dotBytes(
                image,
                places[from] + at,
                places[from + 1] + at,
                places[from + 2] + at,
                places[from + 3] + at,
                floats,
                dots);
    }

    /** Squared distance from a row's bytes. */
    float squared(long place, float dot) {
        return Distance.of(image, place, dot, totals[1], totals[0]);
    }

    /**
     * Squared distance between the heads of the query and a row.
     *
     * @param square of the length of the row's head
     */
    float headSquared(long place, float square, float dot) {
        float lower = image.get(GraphLayout.FLOAT, place + GraphLayout.LOWER_AT);
        float scale = image.get(GraphLayout.FLOAT, place + GraphLayout.SCALE_AT);
        return headTotals[1] + square - 2 * (lower * headTotals[0] + scale * dot);
    }

    /** How far a row may be from where its bytes say. */
    float error(long place) {
        return halfDiagonal * image.get(GraphLayout.FLOAT, place + GraphLayout.SCALE_AT);
    }

    /** What single precision may do to a squared distance. */
    float rounding(long place) {
        return stretched + PRECISION * (totals[1] + image.get(GraphLayout.FLOAT, place + GraphLayout.NORM_AT));
    }
}
