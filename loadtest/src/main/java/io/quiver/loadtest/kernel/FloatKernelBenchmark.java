package io.quiver.loadtest.kernel;

import io.quiver.executor.index.Kernels;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Distances of floats: the time of one, of a block of random rows. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class FloatKernelBenchmark {
    static final int BLOCK = 32;

    private static final long SEED = 1;

    @Param({"128", "784"})
    int dimension;

    @Param
    Residence residence = Residence.CACHE;

    private Kernels kernels = Kernels.best();
    private MemorySegment rows = MemorySegment.NULL;
    private long[][] offsets = {};
    private float[] query = {};
    private float[] secondQuery = {};
    private final float[] sums = new float[BLOCK];
    private final float[] secondSums = new float[BLOCK];
    private int turn;

    @Setup
    public void fill() {
        kernels = Kernels.best();
        Random random = new Random(SEED);
        int stride = (int) Kernels.strideBytes(dimension);
        int count = Math.max(BLOCK, residence.bytes() / stride);
        rows = Arena.ofAuto().allocate((long) count * stride, 64);
        query = floats(random, Kernels.paddedDimension(dimension));
        secondQuery = floats(random, query.length);
        for (int row = 0; row < count; row++) {
            MemorySegment.copy(query, 0, rows, ValueLayout.JAVA_FLOAT, (long) row * stride, dimension);
        }
        offsets = blocks(random, count, stride);
    }

    /** Enough blocks of random rows that each row is read about once before any is read again. */
    private static long[][] blocks(Random random, int count, int stride) {
        long[][] blocks = new long[Integer.highestOneBit(Math.max(1, count / BLOCK))][BLOCK];
        for (long[] block : blocks) {
            for (int i = 0; i < BLOCK; i++) {
                block[i] = (long) random.nextInt(count) * stride;
            }
        }
        return blocks;
    }

    private float[] floats(Random random, int padded) {
        float[] floats = new float[padded];
        for (int i = 0; i < dimension; i++) {
            floats[i] = random.nextFloat();
        }
        return floats;
    }

    private long[] next() {
        return offsets[turn++ & offsets.length - 1];
    }

    @Benchmark
    @OperationsPerInvocation(BLOCK)
    public float[] squares() {
        kernels.squares(rows, next(), BLOCK, query, sums);
        return sums;
    }

    @Benchmark
    @OperationsPerInvocation(BLOCK)
    public float[] dots() {
        kernels.dots(rows, next(), BLOCK, query, sums);
        return sums;
    }

    @Benchmark
    @OperationsPerInvocation(2 * BLOCK)
    public float[] squaresOfTwoQueries() {
        kernels.squares(rows, next(), BLOCK, query, sums, secondQuery, secondSums);
        return sums;
    }
}
