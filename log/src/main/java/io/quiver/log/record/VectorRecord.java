package io.quiver.log.record;

import org.jspecify.annotations.Nullable;

/** A record of a collection, complete: what a caller gets back. Ids are unique in their collection. */
public record VectorRecord(
        String id,
        Embedding embedding,
        @Nullable String document,
        @Nullable String uri,
        Metadata metadata) {}
