package io.quiver.executor.index.blocked;

import io.quiver.executor.index.EmbeddingRows;
import io.quiver.executor.index.Metric;
import io.quiver.executor.index.code.CodeKernels;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One bit a dimension of each row, in blocks of 32 rows, in chunks of 32 blocks that share a center.
 *
 * <p>A block is encoded as a whole, when its last row has been appended: readers are told of it afterwards, so that
 * they never see half a code, though the codes of a block share their bytes. The first chunk waits until all of it is
 * there, for its center is the mean of its rows. Rows that have no code yet are scanned exactly: at most {@value
 * BlockLayout#CHUNK_ROWS} of a small list, at most 31 of a longer one.
 *
 * <p>Of rows that will not change, a {@link CodesImage} keeps them.
 *
 * <p><b>Threads.</b> One thread appends by {@link #extend}, any number read {@link #blockCount} and, after that, the
 * chunks of so many blocks. <b>Memory.</b> Chunks outside the heap, from the allocator as rows come; never given back
 * one by one.
 */
public final class BlockedCodes {
    /** Rows of fewer dimensions are compared as fast as their codes. */
    private static final int DIMENSION_MIN = 64;

    private static final SegmentAllocator NO_MEMORY = (_, _) -> {
        throw new UnsupportedOperationException("rows that have their codes get no more of them");
    };

    private final Metric metric;
    private final EmbeddingRows rows;
    private final SegmentAllocator memory;
    private final BlockLayout layout;
    private final @Nullable MemorySegment[] chunks;
    private @Nullable RotatedSpace space;
    private @Nullable BlockEncoder encoder;
    private volatile int blockCount;

    /**
     * Of no rows yet.
     *
     * @param rows lent; whoever searches keeps them alive for as long
     * @param rowCapacity rows at most
     * @param memory asked for each chunk, by the thread that appends; native memory
     */
    public BlockedCodes(Metric metric, EmbeddingRows rows, int rowCapacity, SegmentAllocator memory) {
        this.metric = metric;
        this.rows = rows;
        this.memory = memory;
        this.layout = BlockLayout.of(rows.dimension());
        this.chunks = new MemorySegment[Math.ceilDiv(rowCapacity, BlockLayout.CHUNK_ROWS)];
    }

    /**
     * All codes of rows that will not change, from where {@link CodesImage} has put them.
     *
     * @param image lent as the rows are; native memory
     */
    static BlockedCodes of(Metric metric, EmbeddingRows rows, CodesImage codes, MemorySegment image) {
        BlockedCodes whole = new BlockedCodes(metric, rows, codes.chunkCount() * BlockLayout.CHUNK_ROWS, NO_MEMORY);
        whole.space = new RotatedSpace(metric, rows.dimension(), whole.layout);
        for (int number = 0; number < codes.chunkCount(); number++) {
            whole.chunks[number] = image.asSlice(number * whole.layout.chunkBytes(), whole.layout.chunkBytes());
        }
        whole.blockCount = codes.blockCount();
        return whole;
    }

    /** Whether searches of such rows gain by codes. */
    public static boolean isWorthwhile(int dimension) {
        return dimension >= DIMENSION_MIN;
    }

    /** Bytes that the codes of so many rows take from the allocator. */
    public static long sizeBytes(int dimension, int rowCount) {
        return Math.ceilDiv(rowCount, BlockLayout.CHUNK_ROWS)
                * BlockLayout.of(dimension).chunkBytes();
    }

    /** Encodes what has become complete, now that there are {@code rowCount} rows. */
    public void extend(int rowCount) {
        int complete = rowCount / CodeKernels.BLOCK;
        if (complete > blockCount && complete >= BlockLayout.CHUNK_BLOCKS) {
            encode(complete);
        }
    }

    private void encode(int complete) {
        if (encoder == null) {
            space = new RotatedSpace(metric, rows.dimension(), layout);
            encoder = new BlockEncoder(metric, space, rows, layout);
        }
        for (int block = blockCount; block < complete; block++) {
            int firstRow = block * BlockLayout.BLOCK_ROWS;
            int number = block / BlockLayout.CHUNK_BLOCKS;
            int within = block % BlockLayout.CHUNK_BLOCKS;
            if (within == 0) {
                chunks[number] = memory.allocate(layout.chunkBytes(), BlockLayout.LINE_BYTES);
                encoder.begin(chunk(number), firstRow);
            }
            encoder.encode(chunk(number), within, firstRow);
            blockCount = block + 1;
        }
    }

    /** Complete blocks. */
    int blockCount() {
        return blockCount;
    }

    MemorySegment chunk(int number) {
        MemorySegment chunk = chunks[number];
        if (chunk == null) {
            throw new IndexOutOfBoundsException("%d blocks have no chunk %d".formatted(blockCount, number));
        }
        return chunk;
    }

    Metric metric() {
        return metric;
    }

    EmbeddingRows rows() {
        return rows;
    }

    BlockLayout layout() {
        return layout;
    }

    /** Made with the first block. */
    RotatedSpace space() {
        return Objects.requireNonNull(space);
    }
}
