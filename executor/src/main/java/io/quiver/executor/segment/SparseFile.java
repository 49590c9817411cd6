package io.quiver.executor.segment;

import io.quiver.executor.sparse.SealedSparseIndex;
import io.quiver.executor.sparse.SparseBlock;
import io.quiver.executor.sparse.SparseIndex;
import io.quiver.executor.sparse.SparseRows;
import io.quiver.log.record.MetadataCodec;
import io.quiver.log.record.SparseVector;
import io.quiver.log.storage.Storage;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The sparse vectors of a sealed segment by their terms, mapped. The weights themselves are in {@link RecordFiles}
 * alone.
 *
 * <p>{@code sparse.qs}: {@link SparseBlock}s, each from a multiple of 64 on; then per block its key as text, u32 first
 * row, u32 rows, u64 where it begins. The numbers of the header: where the list of blocks begins, and how many they
 * are. There is no such file where no record has a sparse vector.
 */
final class SparseFile {
    private static final SparseFile NONE = new SparseFile(null, Map.of(), (_, _) -> Double.NaN);

    private final @Nullable CheckedFile file;
    private final Map<String, List<SparseBlock>> blocks;
    private final SparseIndex index;

    private SparseFile(@Nullable CheckedFile file, Map<String, List<SparseBlock>> blocks, SparseRows rows) {
        this.file = file;
        this.blocks = blocks;
        this.index = new SealedSparseIndex(blocks, rows);
    }

    static SparseFile open(Storage storage, String directory, UUID segment, Arena arena, int rowCount, SparseRows rows)
            throws IOException {
        if (!storage.list(directory).contains(FileKind.SPARSE.fileName())) {
            return NONE;
        }
        CheckedFile file = CheckedFile.open(
                storage, directory + "/" + FileKind.SPARSE.fileName(), FileKind.SPARSE, segment, arena);
        file.expect("rows", rowCount, file.header().rowCount());
        return new SparseFile(file, readBlocks(file, rowCount), rows);
    }

    private static Map<String, List<SparseBlock>> readBlocks(CheckedFile file, int rowCount)
            throws CorruptSegmentException {
        long listAt = file.header().numbers()[0];
        long count = file.header().numbers()[1];
        Map<String, List<SparseBlock>> blocks = new TreeMap<>();
        try {
            ByteBuffer list = file.body().asSlice(listAt).asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
            for (long i = 0; i < count; i++) {
                String key = MetadataCodec.readText(list);
                int firstRow = list.getInt();
                int blockRows = list.getInt();
                SparseBlock block =
                        SparseBlock.open(file.body().asSlice(0, listAt), list.getLong(), firstRow, blockRows);
                if (firstRow < 0 || blockRows > rowCount - firstRow) {
                    throw new IllegalArgumentException("a block of rows that are not in the segment");
                }
                blocks.computeIfAbsent(key, _ -> new ArrayList<>()).add(block);
            }
            file.expect("bytes after the list of blocks", 0, list.remaining());
        } catch (BufferUnderflowException | IndexOutOfBoundsException | IllegalArgumentException damage) {
            throw new CorruptSegmentException(file.path(), "the list of blocks is damaged", damage);
        }
        return blocks;
    }

    /** All terms of all vectors. */
    long postingCount() {
        return blocks.values().stream()
                .flatMap(List::stream)
                .mapToLong(SparseBlock::postingTotal)
                .sum();
    }

    /** Whether a row is found by each term of its vector, with a weight that is near enough. */
    boolean holds(String key, int row, SparseVector vector) {
        for (SparseBlock block : blocks.getOrDefault(key, List.of())) {
            if (row >= block.firstRow() && row < block.firstRow() + block.rowCount()) {
                return block.holds(row - block.firstRow(), vector);
            }
        }
        return vector.size() == 0;
    }

    SparseIndex index() {
        return index;
    }

    void verify(ReadPace pace) throws CorruptSegmentException {
        if (file != null) {
            file.verify(pace);
        }
    }
}
