package io.quiver.flight.link;

import io.quiver.executor.query.Hits;
import io.quiver.log.record.Embedding;
import io.quiver.log.record.LogOffset;
import io.quiver.log.record.Metadata;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The hits of one query as they arrive, in one row or several. Belongs to the reading thread. */
final class HitsAssembly {
    private final List<String> ids = new ArrayList<>();
    private final List<Embedding> embeddings = new ArrayList<>();
    private final List<@Nullable String> documents = new ArrayList<>();
    private final List<@Nullable String> uris = new ArrayList<>();
    private final List<Metadata> metadatas = new ArrayList<>();
    private float[] distances = {};
    private HowFoundCodec.HowFound howFound = HowFoundCodec.HowFound.UNTOLD;
    private long offset;
    private long total;
    private int flags;

    void begin(long rowOffset, long rowTotal, int rowFlags) {
        offset = rowOffset;
        total = rowTotal;
        flags = rowFlags;
    }

    void addId(String id) {
        ids.add(id);
    }

    void addDistances(float[] source, int from, int to) {
        int at = distances.length;
        distances = Arrays.copyOf(distances, at + to - from);
        System.arraycopy(source, from, distances, at, to - from);
    }

    void addEmbedding(Embedding embedding) {
        embeddings.add(embedding);
    }

    void addDocument(@Nullable String document) {
        documents.add(document);
    }

    void addUri(@Nullable String uri) {
        uris.add(uri);
    }

    void addMetadata(Metadata metadata) {
        metadatas.add(metadata);
    }

    void tell(HowFoundCodec.HowFound told) {
        howFound = told;
    }

    @SuppressWarnings("NullAway") // it does not see annotations on arrays and type arguments across modules
    Hits hits() {
        return new Hits(
                new LogOffset(offset),
                total,
                has(AnswerColumns.PARTIAL),
                ids,
                has(AnswerColumns.DISTANCES) ? distances : null,
                has(AnswerColumns.EMBEDDINGS) ? embeddings : null,
                has(AnswerColumns.DOCUMENTS) ? documents : null,
                has(AnswerColumns.URIS) ? uris : null,
                has(AnswerColumns.METADATAS) ? metadatas : null,
                howFound.recall(),
                howFound.explanation());
    }

    private boolean has(int flag) {
        return (flags & flag) != 0;
    }
}
