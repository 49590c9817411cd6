package io.quiver.log;

import io.quiver.log.record.Embedding;
import io.quiver.log.record.GrowingBuffer;
import io.quiver.log.record.Metadata;
import io.quiver.log.record.MetadataCodec;
import io.quiver.log.record.MetadataPatch;
import io.quiver.log.record.MetadataValue;
import io.quiver.log.record.Operation;
import io.quiver.log.record.RecordPatch;
import io.quiver.log.record.VectorRecord;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A batch of operations as bytes, little-endian. Metadata and text are as in {@link MetadataCodec}.
 *
 * <pre>
 * batch     = u32 count, u32 floats in all embeddings together, count x operation
 * operation = u8 kind: 1 add | 2 upsert | 3 update | 4 delete
 *             text id
 *             u8 parts: 1 embedding + 2 document + 4 uri + 8 metadata + 16 removed keys; only those follow, in this order
 * embedding = u32 dimension, dimension x f32     document, uri = text     removed keys = u32 count, count x text
 * </pre>
 */
final class OperationCodec {
    private static final int ADD = 1;
    private static final int UPSERT = 2;
    private static final int UPDATE = 3;
    private static final int DELETE = 4;

    private static final int EMBEDDING = 1;
    private static final int DOCUMENT = 2;
    private static final int URI = 4;
    private static final int METADATA = 8;
    private static final int REMOVED = 16;

    /** Framing of an operation, and what a metadata field takes, roughly. */
    private static final int OPERATION_BYTES = 32;

    private static final int FIELD_BYTES = 32;

    private OperationCodec() {}

    /** About how many bytes the operations take: exact for embeddings, dense and sparse, a guess for the rest. */
    static long estimateBytes(List<Operation> operations) {
        long bytes = 0;
        for (Operation operation : operations) {
            bytes += OPERATION_BYTES + operation.id().length() + estimateBytes(Parts.of(operation));
        }
        return bytes;
    }

    private static long estimateBytes(Parts parts) {
        long bytes = FIELD_BYTES * (long) (parts.set.size() + parts.removed.size());
        bytes += parts.floatCount() * (long) Float.BYTES;
        bytes += parts.document == null ? 0 : parts.document.length();
        for (MetadataValue value : parts.set.values()) {
            bytes += value instanceof MetadataValue.Sparse(var vector) ? vector.sizeBytes() : 0;
        }
        return bytes + (parts.uri == null ? 0 : parts.uri.length());
    }

    static void write(GrowingBuffer out, List<Operation> operations) {
        out.putInt(operations.size()).putInt(floatCount(operations));
        for (Operation operation : operations) {
            out.putByte(kind(operation)).putText(operation.id());
            writeParts(out, Parts.of(operation));
        }
    }

    /** Reads a whole batch; throws {@link IllegalArgumentException} for bytes that are none. */
    static List<Operation> read(ByteBuffer in) {
        try {
            return new Reader(in).batch();
        } catch (BufferUnderflowException | IndexOutOfBoundsException | NullPointerException e) {
            throw new IllegalArgumentException("not a batch of operations", e);
        }
    }

    private static int floatCount(List<Operation> operations) {
        int count = 0;
        for (Operation operation : operations) {
            count += Parts.of(operation).floatCount();
        }
        return count;
    }

    private static int kind(Operation operation) {
        return switch (operation) {
            case Operation.Add _ -> ADD;
            case Operation.Upsert _ -> UPSERT;
            case Operation.Update _ -> UPDATE;
            case Operation.Delete _ -> DELETE;
        };
    }

    private static void writeParts(GrowingBuffer out, Parts parts) {
        out.putByte(parts.mask());
        if (parts.embedding != null) {
            out.putInt(parts.embedding.dimension()).putFloats(parts.embedding);
        }
        if (parts.document != null) {
            out.putText(parts.document);
        }
        if (parts.uri != null) {
            out.putText(parts.uri);
        }
        if (!parts.set.isEmpty()) {
            MetadataCodec.writeFields(out, parts.set);
        }
        if (!parts.removed.isEmpty()) {
            out.putInt(parts.removed.size());
            parts.removed.forEach(out::putText);
        }
    }

    /** What an operation holds besides its id, the same for every kind. */
    private record Parts(
            @Nullable Embedding embedding,
            @Nullable String document,
            @Nullable String uri,
            Map<String, MetadataValue> set,
            Set<String> removed) {
        private static final Parts NONE = new Parts(null, null, null, Map.of(), Set.of());

        static Parts of(Operation operation) {
            return switch (operation) {
                case Operation.Add(VectorRecord record) ->
                    new Parts(
                            record.embedding(),
                            record.document(),
                            record.uri(),
                            record.metadata().fields(),
                            Set.of());
                case Operation.Upsert(RecordPatch patch, Embedding embedding) -> of(patch, embedding);
                case Operation.Update(RecordPatch patch) -> of(patch, patch.embedding());
                case Operation.Delete _ -> NONE;
            };
        }

        private static Parts of(RecordPatch patch, @Nullable Embedding embedding) {
            MetadataPatch metadata = patch.metadata();
            return new Parts(embedding, patch.document(), patch.uri(), metadata.set(), metadata.removed());
        }

        int floatCount() {
            return embedding == null ? 0 : embedding.dimension();
        }

        int mask() {
            return (embedding == null ? 0 : EMBEDDING)
                    | (document == null ? 0 : DOCUMENT)
                    | (uri == null ? 0 : URI)
                    | (set.isEmpty() ? 0 : METADATA)
                    | (removed.isEmpty() ? 0 : REMOVED);
        }
    }

    /** Reads one batch; its embeddings share one array. */
    private static final class Reader {
        private final ByteBuffer in;
        private float[] floats = {};
        private int floatsUsed;

        Reader(ByteBuffer in) {
            this.in = in.order(ByteOrder.LITTLE_ENDIAN);
        }

        List<Operation> batch() {
            int count = bounded(in.getInt(), in.remaining());
            floats = new float[bounded(in.getInt(), in.remaining() / Float.BYTES)];
            List<Operation> operations = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                operations.add(operation());
            }
            if (in.hasRemaining()) {
                throw new IllegalArgumentException("%d bytes after a batch".formatted(in.remaining()));
            }
            return operations;
        }

        private Operation operation() {
            int kind = in.get();
            String id = MetadataCodec.readText(in);
            RecordPatch patch = patch(id, in.get());
            return switch (kind) {
                case ADD -> new Operation.Add(record(patch));
                case UPSERT -> new Operation.Upsert(patch);
                case UPDATE -> new Operation.Update(patch);
                case DELETE -> new Operation.Delete(id);
                default -> throw new IllegalArgumentException("unknown kind of operation: " + kind);
            };
        }

        private RecordPatch patch(String id, int parts) {
            return new RecordPatch(
                    id,
                    (parts & EMBEDDING) == 0 ? null : embedding(),
                    (parts & DOCUMENT) == 0 ? null : MetadataCodec.readText(in),
                    (parts & URI) == 0 ? null : MetadataCodec.readText(in),
                    metadata(parts));
        }

        private MetadataPatch metadata(int parts) {
            Metadata set = (parts & METADATA) == 0 ? Metadata.EMPTY : MetadataCodec.read(in);
            return (parts & REMOVED) == 0 ? MetadataPatch.setting(set) : new MetadataPatch(set.fields(), removedKeys());
        }

        private Set<String> removedKeys() {
            int count = in.getInt();
            Set<String> keys = new LinkedHashSet<>();
            for (int i = 0; i < count; i++) {
                keys.add(MetadataCodec.readText(in));
            }
            return keys;
        }

        private Embedding embedding() {
            int dimension = bounded(in.getInt(), floats.length - floatsUsed);
            in.slice().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(floats, floatsUsed, dimension);
            in.position(in.position() + dimension * Float.BYTES);
            floatsUsed += dimension;
            return Embedding.slice(floats, floatsUsed - dimension, dimension);
        }

        private static VectorRecord record(RecordPatch patch) {
            Embedding embedding = Objects.requireNonNull(patch.embedding(), "an added record has an embedding");
            Metadata metadata = new Metadata(patch.metadata().set());
            return new VectorRecord(patch.id(), embedding, patch.document(), patch.uri(), metadata);
        }

        private static int bounded(int count, int most) {
            if (count < 0 || count > most) {
                throw new IllegalArgumentException("a count of %d where at most %d fit".formatted(count, most));
            }
            return count;
        }
    }
}
