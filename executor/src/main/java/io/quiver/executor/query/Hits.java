package io.quiver.executor.query;

import io.quiver.log.record.Embedding;
import io.quiver.log.record.LogOffset;
import io.quiver.log.record.Metadata;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was found: one column for each part of the records, {@code null} where the part was not asked for. Columns have
 * one length; entries of documents and uris may be {@code null}; a record without metadata has {@link Metadata#EMPTY}.
 *
 * @param offset the log offset whose state this answer shows
 * @param total records counted by a {@link Query.Count}; otherwise the length of the columns
 * @param partial the deadline passed before everything had been searched
 * @param estimatedRecall share of the true hits that is expected to be among these, where that was asked for
 * @param explanation how they were found, where that was asked for
 */
public record Hits(
        LogOffset offset,
        long total,
        boolean partial,
        List<String> ids,
        float @Nullable [] distances,
        @Nullable List<Embedding> embeddings,
        @Nullable List<@Nullable String> documents,
        @Nullable List<@Nullable String> uris,
        @Nullable List<Metadata> metadatas,
        @Nullable Float estimatedRecall,
        @Nullable Explanation explanation) {
    public Hits {
        ids = List.copyOf(ids);
        embeddings = embeddings == null ? null : List.copyOf(embeddings);
        documents = documents == null ? null : Collections.unmodifiableList(documents);
        uris = uris == null ? null : Collections.unmodifiableList(uris);
        metadatas = metadatas == null ? null : List.copyOf(metadatas);
    }

    /** Hits without a word on how they were found. */
    public Hits(
            LogOffset offset,
            long total,
            boolean partial,
            List<String> ids,
            float @Nullable [] distances,
            @Nullable List<Embedding> embeddings,
            @Nullable List<@Nullable String> documents,
            @Nullable List<@Nullable String> uris,
            @Nullable List<Metadata> metadatas) {
        this(offset, total, partial, ids, distances, embeddings, documents, uris, metadatas, null, null);
    }

    public static Hits counted(LogOffset offset, long total) {
        return new Hits(offset, total, false, List.of(), null, null, null, null, null);
    }

    public Hits found(@Nullable Float recall, @Nullable Explanation how) {
        return new Hits(offset, total, partial, ids, distances, embeddings, documents, uris, metadatas, recall, how);
    }

    public int size() {
        return ids.size();
    }
}
