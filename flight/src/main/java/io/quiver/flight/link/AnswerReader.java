package io.quiver.flight.link;

import io.quiver.flight.codec.Floats;
import io.quiver.flight.codec.TextColumn;
import io.quiver.log.record.Embedding;
import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.MetadataCodec;
import io.quiver.log.record.QuiverException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Objects;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.ListVector;
import org.jspecify.annotations.Nullable;

/** The rows of one Arrow batch that {@link AnswerColumns} wrote. Valid until the next batch is loaded. */
final class AnswerReader {
    private final VectorSchemaRoot batch;
    private final BigIntVector requests;
    private final BigIntVector queries;
    private final BigIntVector flags;
    private final BigIntVector offsets;
    private final BigIntVector totals;
    private final Texts ids;
    private final ListVector distanceLists;
    private final float[] distances;
    private final ListVector embeddingLists;
    private final float[] embeddings;
    private final Texts documents;
    private final Texts uris;
    private final Texts metadatas;
    private final TextColumn howFound;
    private final TextColumn errors;
    private final TextColumn messages;
    private final BigIntVector retryAfters;

    AnswerReader(VectorSchemaRoot batch) {
        this.batch = batch;
        this.requests = integers("request");
        this.queries = integers("query");
        this.flags = integers("flags");
        this.offsets = integers("offset");
        this.totals = integers("total");
        this.ids = new Texts(lists("ids"));
        this.distanceLists = lists("distances");
        this.distances = floats(distanceLists);
        this.embeddingLists = lists("embeddings");
        this.embeddings = floats(embeddingLists);
        this.documents = new Texts(lists("documents"));
        this.uris = new Texts(lists("uris"));
        this.metadatas = new Texts(lists("metadatas"));
        this.howFound = TextColumn.ofBytes(batch.getVector("how_found"));
        this.errors = TextColumn.ofText(batch.getVector("error"));
        this.messages = TextColumn.ofText(batch.getVector("message"));
        this.retryAfters = integers("retry_after_ms");
    }

    int rows() {
        return batch.getRowCount();
    }

    long request(int row) {
        return requests.get(row);
    }

    int query(int row) {
        return Math.toIntExact(queries.get(row));
    }

    boolean has(int row, int flag) {
        return (flags.get(row) & flag) != 0;
    }

    @Nullable QuiverException refusal(int row) {
        String code = errors.at(row);
        if (code == null) {
            return null;
        }
        long retryAfterMs = retryAfters.get(row);
        return new QuiverException(
                ErrorCode.valueOf(code),
                Objects.requireNonNullElse(messages.at(row), code),
                retryAfterMs == AnswerColumns.NO_RETRY ? null : Duration.ofMillis(retryAfterMs));
    }

    /** Adds the hits of a row to those of the same query that came before. */
    void addTo(HitsAssembly assembly, int row) {
        assembly.begin(offsets.get(row), totals.get(row), (int) flags.get(row));
        for (int i = ids.start(row); i < ids.end(row); i++) {
            assembly.addId(ids.text(i));
        }
        assembly.addDistances(
                distances, distanceLists.getElementStartIndex(row), distanceLists.getElementEndIndex(row));
        for (int i = documents.start(row); i < documents.end(row); i++) {
            assembly.addDocument(documents.column.at(i));
        }
        for (int i = uris.start(row); i < uris.end(row); i++) {
            assembly.addUri(uris.column.at(i));
        }
        for (int i = metadatas.start(row); i < metadatas.end(row); i++) {
            assembly.addMetadata(MetadataCodec.read(metadatas.bytes(i)));
        }
        addEmbeddings(assembly, row);
        byte[] told = howFound.bytesAt(row);
        if (told != null) {
            assembly.tell(HowFoundCodec.decode(told));
        }
    }

    private void addEmbeddings(HitsAssembly assembly, int row) {
        int hits = ids.end(row) - ids.start(row);
        int start = embeddingLists.getElementStartIndex(row);
        int length = embeddingLists.getElementEndIndex(row) - start;
        if (hits == 0 || length == 0) {
            return;
        }
        int dimension = length / hits;
        for (int i = 0; i < hits; i++) {
            assembly.addEmbedding(Embedding.slice(embeddings, start + i * dimension, dimension));
        }
    }

    private BigIntVector integers(String name) {
        return (BigIntVector) batch.getVector(name);
    }

    private ListVector lists(String name) {
        return (ListVector) batch.getVector(name);
    }

    private static float[] floats(ListVector lists) {
        return Floats.copy(
                lists.getDataVector().getDataBuffer(), 0, lists.getDataVector().getValueCount());
    }

    private record Texts(ListVector lists, TextColumn column) {
        Texts(ListVector lists) {
            this(lists, TextColumn.ofBytes(lists.getDataVector()));
        }

        int start(int row) {
            return lists.getElementStartIndex(row);
        }

        int end(int row) {
            return lists.getElementEndIndex(row);
        }

        String text(int index) {
            return Objects.requireNonNull(column.at(index), "an id is never null");
        }

        ByteBuffer bytes(int index) {
            byte[] bytes = Objects.requireNonNull(column.bytesAt(index), "metadata are never null");
            return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        }
    }
}
