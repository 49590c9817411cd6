package io.quiver.executor.index.blocked;

import io.quiver.executor.index.EmbeddingRows;
import io.quiver.executor.index.Metric;
import io.quiver.executor.index.VectorIndex;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The codes of rows that will not change, as bytes to be kept: one chunk after the other, as {@link BlockLayout} has
 * them, zeros where the last one is not full. Rows behind the last whole block have no code.
 *
 * @param rowCount at least {@link #ROWS_MIN}
 */
public record CodesImage(int dimension, int rowCount) {
    /** The rows of the first chunk make its center. */
    public static final int ROWS_MIN = BlockLayout.CHUNK_ROWS;

    public CodesImage {
        if (rowCount < ROWS_MIN) {
            throw new IllegalArgumentException("%d rows make no chunk of codes".formatted(rowCount));
        }
    }

    /** Takes an image piece by piece. */
    @FunctionalInterface
    public interface Sink {
        /**
         * Takes the next piece.
         *
         * @param piece to be read before this returns
         */
        void write(MemorySegment piece) throws IOException;
    }

    public long sizeBytes() {
        return chunkCount() * layout().chunkBytes();
    }

    /** Components of a code. */
    public int codeDimension() {
        return layout().codeDimension();
    }

    /** Encodes all rows. Memory: one chunk outside the heap. */
    public void encode(Metric metric, EmbeddingRows rows, Sink sink) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment chunk = arena.allocate(layout().chunkBytes(), BlockLayout.LINE_BYTES);
            BlockedCodes codes = new BlockedCodes(metric, rows, rowCount, (_, _) -> chunk.fill((byte) 0));
            for (int number = 0; number < chunkCount(); number++) {
                codes.extend((int) Math.min(rowCount, (number + 1L) * BlockLayout.CHUNK_ROWS));
                sink.write(chunk);
            }
        }
    }

    /** Searches rows by the image of their codes; both are lent for as long as the index is used. */
    public VectorIndex open(Metric metric, EmbeddingRows rows, MemorySegment image) {
        return new BlockedIndex(BlockedCodes.of(metric, rows, this, image));
    }

    /**
     * Encodes all rows again, beside the image, and compares; {@link IllegalArgumentException} says where it is of
     * other rows.
     */
    public void check(Metric metric, EmbeddingRows rows, MemorySegment image) {
        try {
            encode(metric, rows, new CodesCheck(layout(), image)::next);
        } catch (IOException e) {
            throw new IllegalStateException("comparing reads and writes no file", e);
        }
    }

    int blockCount() {
        return rowCount / BlockLayout.BLOCK_ROWS;
    }

    int chunkCount() {
        return Math.ceilDiv(blockCount(), BlockLayout.CHUNK_BLOCKS);
    }

    private BlockLayout layout() {
        return BlockLayout.of(dimension);
    }
}
