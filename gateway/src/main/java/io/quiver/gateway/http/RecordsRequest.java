package io.quiver.gateway.http;

import io.quiver.log.record.Embedding;
import io.quiver.log.record.Metadata;
import io.quiver.log.record.MetadataPatch;
import io.quiver.log.record.Operation;
import io.quiver.log.record.QuiverException;
import io.quiver.log.record.RecordPatch;
import io.quiver.log.record.VectorRecord;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Reads the columns of an add, update or upsert, and makes operations of them. Belongs to one thread. */
final class RecordsRequest implements JsonCursor.FieldReader {
    private static final String INCONSISTENT = "Inconsistent number of IDs, embeddings, documents, URIs and metadatas";

    private final Kind kind;
    private @Nullable List<String> ids;
    private @Nullable List<@Nullable Embedding> embeddings;
    private @Nullable List<@Nullable String> documents;
    private @Nullable List<@Nullable String> uris;
    private @Nullable List<Metadata> metadatas;
    private @Nullable List<MetadataPatch> patches;

    /** What is to be done with the records. */
    enum Kind {
        ADD,
        UPDATE,
        UPSERT
    }

    private RecordsRequest(Kind kind) {
        this.kind = kind;
    }

    /** In the order of the request; an id may be there twice. */
    static List<Operation> read(RequestBody body, Kind kind) {
        RecordsRequest request = new RecordsRequest(kind);
        int end = new JsonCursor(body).readObject(request);
        return request.operations(body, end);
    }

    @Override
    public boolean read(String name, JsonCursor in) {
        switch (name) {
            case "ids" -> ids = in.value(name).ids();
            case "embeddings" -> embeddings = readEmbeddings(name, in);
            case "documents" -> documents = in.value(name).orNull(JsonValue::nullableTexts);
            case "uris" -> uris = in.value(name).orNull(JsonValue::nullableTexts);
            case "metadatas" -> readMetadatas(in.value(name));
            default -> {
                return false;
            }
        }
        return true;
    }

    private @Nullable List<@Nullable Embedding> readEmbeddings(String name, JsonCursor in) {
        if (kind != Kind.UPDATE) {
            return EmbeddingReader.read(in, name, EmbeddingReader.Form.RECORDS);
        }
        return in.takeNull() ? null : EmbeddingReader.read(in, name, EmbeddingReader.Form.CHANGES);
    }

    private void readMetadatas(JsonValue value) {
        if (kind == Kind.ADD) {
            metadatas = value.orNull(MetadataReader::readEach);
        } else {
            patches = value.orNull(MetadataReader::readPatches);
        }
    }

    private List<Operation> operations(RequestBody body, int end) {
        if (ids == null) {
            throw BadBody.missingField(body, "ids", end);
        }
        if (embeddings == null && kind != Kind.UPDATE) {
            throw BadBody.missingField(body, "embeddings", end);
        }
        List<String> all = ids;
        requireLength(all.size(), embeddings, documents, uris, metadatas, patches);
        return IntStream.range(0, all.size())
                .mapToObj(i -> operation(all.get(i), i))
                .toList();
    }

    private static void requireLength(int length, @Nullable List<?>... columns) {
        for (List<?> column : columns) {
            if (column != null && column.size() != length) {
                throw QuiverException.invalid(INCONSISTENT);
            }
        }
    }

    private static <T extends @Nullable Object> @Nullable T at(@Nullable List<T> column, int index) {
        return column == null ? null : column.get(index);
    }

    private Operation operation(String id, int index) {
        return switch (kind) {
            case ADD ->
                new Operation.Add(new VectorRecord(
                        id,
                        Objects.requireNonNull(RecordsRequest.<@Nullable Embedding>at(embeddings, index)),
                        at(documents, index),
                        at(uris, index),
                        metadatas == null ? Metadata.EMPTY : metadatas.get(index)));
            case UPDATE -> new Operation.Update(patch(id, index));
            case UPSERT -> new Operation.Upsert(patch(id, index));
        };
    }

    private RecordPatch patch(String id, int index) {
        return new RecordPatch(
                id,
                at(embeddings, index),
                at(documents, index),
                at(uris, index),
                patches == null ? MetadataPatch.NONE : patches.get(index));
    }
}
