package io.quiver.executor.segment;

import io.quiver.executor.sparse.BlockWriter;
import io.quiver.log.record.Metadata;
import io.quiver.log.record.MetadataValue;
import io.quiver.log.record.MetadataValue.Array;
import io.quiver.log.record.MetadataValue.Bool;
import io.quiver.log.record.MetadataValue.Int;
import io.quiver.log.record.MetadataValue.Real;
import io.quiver.log.record.MetadataValue.Sparse;
import io.quiver.log.record.MetadataValue.Text;
import io.quiver.log.record.SparseVector;
import java.util.Map;

/** About how much heap the metadata of a record takes. */
final class MetadataSize {
    /** An entry of a map, its key and value objects. */
    private static final int FIELD_BYTES = 100;

    private static final int SCALAR_BYTES = 24;

    /** The arrays of a sparse vector, empty. */
    private static final int SPARSE_BYTES = 64;

    /**
     * What the index takes for a term of a sparse vector, on the heap until it is part of a block and then outside it.
     */
    private static final int TERM_BYTES = BlockWriter.POSTING_BYTES;

    private MetadataSize() {}

    static long of(Metadata metadata) {
        long bytes = 0;
        for (Map.Entry<String, MetadataValue> field : metadata.fields().entrySet()) {
            bytes += FIELD_BYTES + field.getKey().length() + of(field.getValue());
        }
        return bytes;
    }

    private static long of(MetadataValue value) {
        return switch (value) {
            case Bool _, Int _, Real _ -> SCALAR_BYTES;
            case Text(String text) -> SCALAR_BYTES + text.length();
            case Array(var values) -> {
                long bytes = SCALAR_BYTES;
                for (MetadataValue element : values) {
                    bytes += of(element);
                }
                yield bytes;
            }
            case Sparse(SparseVector vector) ->
                SCALAR_BYTES + SPARSE_BYTES + vector.sizeBytes() + (long) TERM_BYTES * vector.size();
        };
    }
}
