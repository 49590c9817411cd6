package io.quiver.executor.index.graph;

import io.quiver.executor.index.code.CodeKernels;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;

/**
 * A sketch of each long row, in the order of rows: one bit for each component's sign, and what a {@link SketchQuery}
 * has to know to make a distance of them. An eighth of the row's bytes, so that a scan of rows here and there waits for
 * two lines of memory each instead of thirteen; most rows show by them that they are no hits.
 *
 * <p>The sketch of {@code o} in code space is {@code s = sign(o)}, and the product of a query with {@code o} is
 * estimated as {@code f <q, s>}, {@code f = |o|^2 / |o|_1}: exact for queries along {@code o}, and for a part of a
 * query across it wrong by chance, with variance {@code |q|^2 (f^2 D - |o|^2) / (D - 1)}. (RaBitQ: Gao and Long,
 * "RaBitQ: quantizing high-dimensional vectors with a theoretical error bound for approximate nearest neighbor search",
 * 2024.)
 * How much wider than that theory errors are is measured, of some thousand rows and one of their neighbours in the
 * graph each: this rotation spreads what lies in a few components not quite evenly.
 *
 * <pre>
 * sketch 0   f32     |o|^2, of the row's bytes
 *        4   f32     f
 *        8   f32     (f^2 D - |o|^2) / (D - 1)
 *        12  f32     scale of the row's bytes
 *        16  u64[W]  the signs, W = D / 64, rounded up; set where a component is not negative
 * </pre>
 *
 * Immutable; safe on every thread. Memory: lent by whoever owns the image.
 */
final class RowSketches {
    static final int SQUARE_AT = 0;
    static final int FACTOR_AT = 4;
    static final int SPREAD_AT = 8;
    static final int SCALE_AT = 12;
    static final int SIGNS_AT = 16;

    /** Fewer bits say too little. */
    private static final int DIMENSION_MIN = 480;

    /** Kernels read whole turns. */
    private static final int READ_BEHIND = CodeKernels.WORDS_A_TURN * Long.BYTES;

    private static final int LINE_BYTES = 64;

    /** One byte in so many. */
    private static final int PADDING_MAX = 7;

    private static final int PAIRS = 4_096;

    /** Of normally distributed errors, one in three million is larger. */
    private static final double DEVIATIONS = 5;

    /** An error may be so many times the largest that was seen. */
    static final float ABOVE_LARGEST = 1.1f;

    private final MemorySegment memory;
    private final int codeDimension;
    private final float deviations;

    private RowSketches(MemorySegment memory, int codeDimension, float deviations) {
        this.memory = memory;
        this.codeDimension = codeDimension;
        this.deviations = deviations;
    }

    /** Whether rows are so long that searches gain by sketches of them. */
    static boolean areWorthwhile(int codeDimension) {
        return codeDimension >= DIMENSION_MIN;
    }

    /** From zeroed memory. */
    static long sizeBytes(int codeDimension, int rowCount) {
        return areWorthwhile(codeDimension) ? bytes(codeDimension, rowCount) + LINE_BYTES : 0;
    }

    private static long bytes(int codeDimension, int rowCount) {
        return (long) rowCount * strideBytes(codeDimension) + READ_BEHIND;
    }

    /** Whole lines, where that makes a sketch not much longer: it is in fewer lines then. */
    private static int strideBytes(int codeDimension) {
        int bytes = SIGNS_AT + (codeDimension + Long.SIZE - 1) / Long.SIZE * Long.BYTES;
        int lines = (bytes + LINE_BYTES - 1) / LINE_BYTES * LINE_BYTES;
        return lines * PADDING_MAX <= bytes * (PADDING_MAX + 1) ? lines : bytes;
    }

    /** Reads the bytes of every row of the image. */
    static RowSketches of(MemorySegment image, GraphLayout layout, RowNodes nodes, SegmentAllocator memory) {
        int dimension = layout.codeDimension();
        MemorySegment sketches = memory.allocate(bytes(dimension, layout.nodeCount()), LINE_BYTES);
        Sketcher sketcher = new Sketcher(sketches, dimension);
        for (int node = 0; node < layout.nodeCount(); node++) {
            int row = layout.segmentRow(image, node);
            if (nodes.node(row) == GraphLayout.NONE) {
                sketcher.sketchUntold(row);
            } else {
                sketcher.sketch(image, layout, node, row);
            }
        }
        RowSketches theory = new RowSketches(sketches, dimension, 1);
        return new RowSketches(sketches, dimension, theory.measured(image, layout));
    }

    /** Standard deviations by which the errors of pairs of neighbours say that one may be off. */
    private float measured(MemorySegment image, GraphLayout layout) {
        SplittableRandom random = new SplittableRandom(layout.nodeCount());
        SketchQuery query = new SketchQuery(this);
        float[] one = new float[codeDimension];
        float[] other = new float[codeDimension];
        double squares = 0;
        double largest = 0;
        int pairs = Math.min(PAIRS, layout.nodeCount());
        for (int i = 0; i < pairs; i++) {
            int node = random.nextInt(layout.nodeCount());
            int neighbor = layout.neighbor(image, node, random.nextInt(GraphLayout.DEGREE));
            if (neighbor >= 0) {
                layout.decode(image, node, one);
                layout.decode(image, neighbor, other);
                query.ask(other);
                double error = query.deviation(layout.segmentRow(image, node), squaredDistance(one, other));
                squares += error * error;
                largest = Math.max(largest, error);
            }
        }
        return (float) Math.max(DEVIATIONS * Math.sqrt(squares / Math.max(1, pairs)), ABOVE_LARGEST * largest);
    }

    private static float squaredDistance(float[] one, float[] other) {
        double sum = 0;
        for (int i = 0; i < one.length; i++) {
            double difference = one[i] - other[i];
            sum += difference * difference;
        }
        return (float) sum;
    }

    MemorySegment memory() {
        return memory;
    }

    int codeDimension() {
        return codeDimension;
    }

    int strideBytes() {
        return strideBytes(codeDimension);
    }

    /** How many standard deviations an estimate is off at most, as far as is to be expected. */
    float deviations() {
        return deviations;
    }

    long place(int row) {
        return (long) row * strideBytes(codeDimension);
    }

    /** Writes one sketch after the other. */
    private static final class Sketcher {
        private static final CodeKernels KERNELS = CodeKernels.best();

        private final MemorySegment sketches;
        private final float[] origin;
        private final short[] signs;
        private final float[] sums = new float[3];

        Sketcher(MemorySegment sketches, int codeDimension) {
            this.sketches = sketches;
            this.origin = new float[codeDimension];
            this.signs = new short[codeDimension / Short.SIZE];
        }

        /** Of a row whose bytes do not say how far it is: it may be anywhere. */
        void sketchUntold(int row) {
            sketches.set(GraphLayout.FLOAT, place(row) + SPREAD_AT, Float.MAX_VALUE);
        }

        private long place(int row) {
            return (long) row * strideBytes(origin.length);
        }

        void sketch(MemorySegment image, GraphLayout layout, int node, int row) {
            long bytes = layout.row(node);
            float lower = image.get(GraphLayout.FLOAT, bytes + GraphLayout.LOWER_AT);
            float scale = image.get(GraphLayout.FLOAT, bytes + GraphLayout.SCALE_AT);
            KERNELS.residual(image, bytes + GraphLayout.BYTES_AT, lower, scale, origin, signs, sums);
            long at = place(row);
            writeFactors(at, sums[0], sums[1], scale);
            MemorySegment.copy(signs, 0, sketches, ValueLayout.JAVA_SHORT, at + SIGNS_AT, signs.length);
        }

        private void writeFactors(long at, float absolute, float square, float scale) {
            double factor = absolute > 0 ? square / absolute : 0;
            double spread = Math.max(0, factor * factor * origin.length - square) / (origin.length - 1);
            sketches.set(GraphLayout.FLOAT, at + SQUARE_AT, square);
            sketches.set(GraphLayout.FLOAT, at + FACTOR_AT, (float) factor);
            sketches.set(GraphLayout.FLOAT, at + SPREAD_AT, (float) spread);
            sketches.set(GraphLayout.FLOAT, at + SCALE_AT, scale);
        }
    }
}
