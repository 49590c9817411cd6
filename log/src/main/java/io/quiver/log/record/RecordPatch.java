package io.quiver.log.record;

import org.jspecify.annotations.Nullable;

/** What a write says of one record; {@code null} leaves a part as it is. */
public record RecordPatch(
        String id,
        @Nullable Embedding embedding,
        @Nullable String document,
        @Nullable String uri,
        MetadataPatch metadata) {

    /** The record that {@code current} becomes. */
    VectorRecord patch(VectorRecord current) {
        return new VectorRecord(
                id,
                embedding == null ? current.embedding() : embedding,
                document == null ? current.document() : document,
                uri == null ? current.uri() : uri,
                current.metadata().patched(metadata));
    }

    /** The record that this patch makes where there was none. */
    VectorRecord create(Embedding first) {
        return new VectorRecord(id, first, document, uri, Metadata.EMPTY.patched(metadata));
    }
}
