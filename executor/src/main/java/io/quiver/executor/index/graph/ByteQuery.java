package io.quiver.executor.index.graph;

import io.quiver.executor.index.code.CodeKernels;
import java.lang.foreign.MemorySegment;

/**
 * One query after the other, compared in code space with the bytes of rows.
 *
 * <p>Rows are given by their places in the image. Scratch of one thread.
 */
final class ByteQuery {
    private static final CodeKernels KERNELS = CodeKernels.best();

    /** Rows that are computed together. */
    static final int TURN = 4;

    private static final int LINE_BYTES = 64;

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
    private final float[] totals = new float[3];
    private long touched;

    ByteQuery(MemorySegment image, GraphLayout layout, CodeSpace space) {
        this.image = image;
        this.space = space;
        this.rowEnd = GraphLayout.BYTES_AT + layout.codeDimension();
        this.halfDiagonal = (float) Math.sqrt(layout.codeDimension()) / 2;
        this.stretched = STRETCH_PRECISION * stretchedTo(space) * stretchedTo(space);
        this.query = new float[layout.codeDimension()];
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
    }

    /** Reads every line of some rows, so that they come from memory side by side. */
    void touch(long[] places, int from, int to) {
        long bytes = 0;
        for (int i = from; i < to; i++) {
            for (int at = 0; at < rowEnd; at += LINE_BYTES) {
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
        int at = GraphLayout.BYTES_AT;
        KERNELS.dotBytes(
                image,
                places[from] + at,
                places[from + 1] + at,
                places[from + 2] + at,
                places[from + 3] + at,
                query,
                dots);
    }

    /** Squared distance from a row's bytes. */
    float squared(long place, float dot) {
        return Distance.of(image, place, dot, totals[1], totals[0]);
    }

    /** How far a row may be from where its bytes say. */
    float error(long place) {
        return errorOf(image.get(GraphLayout.FLOAT, place + GraphLayout.SCALE_AT));
    }

    /** The same of a row whose bytes have this scale. */
    float errorOf(float scale) {
        return halfDiagonal * scale;
    }

    /** What single precision may do to a squared distance. */
    float rounding(long place) {
        return roundingOf(image.get(GraphLayout.FLOAT, place + GraphLayout.NORM_AT));
    }

    /** The same for a row of this squared length in code space. */
    float roundingOf(float square) {
        return stretched + PRECISION * (totals[1] + square);
    }

    /** The query in code space; the next one takes its place. */
    float[] inCodeSpace() {
        return query;
    }
}
