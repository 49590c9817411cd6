package io.quiver.loadtest.kernel;

import io.quiver.executor.index.code.CodeKernels;
import io.quiver.executor.index.code.Rotation;
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

/** Estimates from codes, and what a query is prepared with. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class CodeKernelBenchmark {
    private static final long SEED = 1;

    @Param({"128", "784"})
    int dimension;

    @Param
    Residence residence = Residence.CACHE;

    private CodeKernels kernels = CodeKernels.best();
    private MemorySegment blocks = MemorySegment.NULL;
    private long[] offsets = {};
    private byte[] table = {};
    private float[] query = {};
    private float[] floats = {};
    private short[] bits = {};
    private Rotation rotation = new Rotation(CodeKernels.DIMENSIONS_A_LINE, SEED);
    private final float[] few = new float[3];
    private final float[] estimates = new float[CodeKernels.BLOCK];
    private final int[] sums = new int[2 * CodeKernels.BLOCK];
    private int lines;
    private int turn;

    @Setup
    public void fill() {
        kernels = CodeKernels.best();
        Random random = new Random(SEED);
        lines = dimension / CodeKernels.DIMENSIONS_A_LINE;
        table = new byte[CodeKernels.tableBytes(dimension)];
        query = new float[dimension];
        floats = new float[dimension];
        bits = new short[lines];
        rotation = new Rotation(dimension, SEED);
        for (int i = 0; i < dimension; i++) {
            query[i] = random.nextFloat() - 0.5f;
        }
        byte[] bytes = new byte[residence.bytes()];
        random.nextBytes(bytes);
        blocks = Arena.ofAuto().allocate(bytes.length, 64);
        MemorySegment.copy(bytes, 0, blocks, ValueLayout.JAVA_BYTE, 0, bytes.length);
        offsets = offsets(random, bytes.length);
        kernels.fillTable(query, table);
    }

    /** Of random blocks, each with its factors behind its codes. */
    private long[] offsets(Random random, int bytes) {
        int blockBytes = 64 * lines + 2 * CodeKernels.BLOCK * Integer.BYTES;
        int count = bytes / blockBytes;
        long[] chosen = new long[Integer.highestOneBit(count)];
        for (int i = 0; i < chosen.length; i++) {
            chosen[i] = (long) random.nextInt(count) * blockBytes;
        }
        return chosen;
    }

    private long next() {
        return offsets[turn++ & offsets.length - 1];
    }

    @Benchmark
    @OperationsPerInvocation(CodeKernels.BLOCK)
    public int scan() {
        long codes = next();
        return kernels.scan(blocks, codes, codes + 64L * lines, table, lines, 1f, 0f, 0f, 1f, sums, estimates);
    }

    @Benchmark
    public float fillTable() {
        return kernels.fillTable(query, table);
    }

    @Benchmark
    public float dotBytes() {
        return kernels.dotBytes(blocks, next(), query);
    }

    @Benchmark
    public float[] residual() {
        kernels.residual(blocks, next(), -0.5f, 1f / 255, query, bits, few);
        return few;
    }

    @Benchmark
    public float decode() {
        return kernels.decode(blocks, next(), -0.5f, 1f / 255, floats);
    }

    @Benchmark
    public float[] rotate() {
        rotation.rotate(floats);
        return floats;
    }
}
