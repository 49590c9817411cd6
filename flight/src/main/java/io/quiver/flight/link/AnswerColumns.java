package io.quiver.flight.link;

import io.quiver.executor.query.Hits;
import io.quiver.flight.codec.BytesColumn;
import io.quiver.flight.codec.Column;
import io.quiver.flight.codec.FloatColumn;
import io.quiver.flight.codec.ListColumn;
import io.quiver.flight.codec.LongColumn;
import io.quiver.log.record.Embedding;
import io.quiver.log.record.Metadata;
import io.quiver.log.record.MetadataCodec;
import io.quiver.log.record.QuiverException;
import java.util.List;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Answers as an Arrow batch in the making: a row a query, or several where its hits do not fit one message.
 *
 * <pre>
 * request int64 | query int64: which of the request | flags int64, see below | offset, total int64 | ids list of utf8
 * distances, embeddings list of float32: those of all hits of the row | documents, uris list of utf8, or null
 * metadatas list of binary, see {@link MetadataCodec}
 * how_found binary, see {@link HowFoundCodec}: in the first row of a query that asked for it, else null
 * error utf8: {@link io.quiver.log.record.ErrorCode}, or null | message utf8 | retry_after_ms int64, -1 for none
 * </pre>
 */
final class AnswerColumns {
    /** No more rows of this query follow. */
    static final int LAST = 1;

    static final int PARTIAL = 2;
    static final int DISTANCES = 4;
    static final int EMBEDDINGS = 8;
    static final int DOCUMENTS = 16;
    static final int URIS = 32;
    static final int METADATAS = 64;
    /** The request asked for no hits. */
    static final int DONE = 128;

    static final long NO_RETRY = -1;

    /** Guessed size of a hit that is added before its bytes are counted. */
    private static final int HIT_BYTES = 32;

    private final LongColumn requests = new LongColumn("request");
    private final LongColumn queries = new LongColumn("query");
    private final LongColumn flags = new LongColumn("flags");
    private final LongColumn offsets = new LongColumn("offset");
    private final LongColumn totals = new LongColumn("total");
    private final ListColumn<BytesColumn> ids = new ListColumn<>("ids", BytesColumn.ofText("item"));
    private final ListColumn<FloatColumn> distances = new ListColumn<>("distances", new FloatColumn("item"));
    private final ListColumn<FloatColumn> embeddings = new ListColumn<>("embeddings", new FloatColumn("item"));
    private final ListColumn<BytesColumn> documents = new ListColumn<>("documents", BytesColumn.ofText("item"));
    private final ListColumn<BytesColumn> uris = new ListColumn<>("uris", BytesColumn.ofText("item"));
    private final ListColumn<BytesColumn> metadatas = new ListColumn<>("metadatas", BytesColumn.ofBytes("item"));
    private final BytesColumn howFound = BytesColumn.ofBytes("how_found");
    private final BytesColumn errors = BytesColumn.ofText("error");
    private final BytesColumn messages = BytesColumn.ofText("message");
    private final LongColumn retryAfters = new LongColumn("retry_after_ms");
    private final List<Column> columns = List.of(
            requests,
            queries,
            flags,
            offsets,
            totals,
            ids,
            distances,
            embeddings,
            documents,
            uris,
            metadatas,
            howFound,
            errors,
            messages,
            retryAfters);

    Schema schema() {
        return new Schema(columns.stream().map(Column::field).toList());
    }

    List<Column> columns() {
        return columns;
    }

    int rows() {
        return requests.count();
    }

    void clear() {
        columns.forEach(Column::clear);
    }

    long sizeBytes() {
        return (long) ids.elements().count() * HIT_BYTES
                + ids.elements().sizeBytes()
                + documents.elements().sizeBytes()
                + uris.elements().sizeBytes()
                + metadatas.elements().sizeBytes()
                + howFound.sizeBytes()
                + (long) embeddings.elements().count() * Float.BYTES;
    }

    void addDone(long request) {
        howFound.addNull();
        endRow(request, 0, LAST | DONE, 0, 0, null);
    }

    void addRefusal(long request, QuiverException refusal) {
        howFound.addNull();
        endRow(request, 0, LAST, 0, 0, refusal);
    }

    /**
     * Adds hits from index {@code from} on until the batch holds {@code bytesMax}; returns the index after the last one
     * added, at least one more than {@code from} where there is one.
     */
    int addHits(long request, int query, Hits hits, int from, long bytesMax) {
        int to = from;
        while (to < hits.size() && (to == from || sizeBytes() < bytesMax)) {
            addHit(hits, to++);
        }
        float[] all = hits.distances();
        if (all != null) {
            distances.elements().addAll(all, from, to - from);
        }
        addHowFound(from == 0 ? HowFoundCodec.encode(hits) : null);
        int last = to == hits.size() ? LAST : 0;
        endRow(request, query, last | flags(hits), hits.offset().value(), hits.total(), null);
        return to;
    }

    private void addHowFound(byte @Nullable [] bytes) {
        if (bytes == null) {
            howFound.addNull();
        } else {
            howFound.add(bytes);
        }
    }

    private void addHit(Hits hits, int index) {
        ids.elements().add(hits.ids().get(index));
        List<Embedding> vectors = hits.embeddings();
        if (vectors != null) {
            embeddings.elements().addAll(vectors.get(index));
        }
        addText(documents, hits.documents(), index);
        addText(uris, hits.uris(), index);
        List<Metadata> fields = hits.metadatas();
        if (fields != null) {
            metadatas.elements().add(MetadataCodec.encode(fields.get(index)));
        }
    }

    private static void addText(ListColumn<BytesColumn> column, @Nullable List<@Nullable String> texts, int index) {
        if (texts != null) {
            column.elements().add(texts.get(index));
        }
    }

    private static int flags(Hits hits) {
        return (hits.partial() ? PARTIAL : 0)
                | (hits.distances() == null ? 0 : DISTANCES)
                | (hits.embeddings() == null ? 0 : EMBEDDINGS)
                | (hits.documents() == null ? 0 : DOCUMENTS)
                | (hits.uris() == null ? 0 : URIS)
                | (hits.metadatas() == null ? 0 : METADATAS);
    }

    private void endRow(long request, int query, int bits, long offset, long total, @Nullable QuiverException refusal) {
        requests.add(request);
        queries.add(query);
        flags.add(bits);
        offsets.add(offset);
        totals.add(total);
        List.of(ids, documents, uris, metadatas).forEach(ListColumn::endList);
        distances.endList();
        embeddings.endList();
        errors.add(refusal == null ? null : refusal.code().name());
        messages.add(refusal == null ? null : refusal.getMessage());
        retryAfters.add(retryAfterMs(refusal));
    }

    private static long retryAfterMs(@Nullable QuiverException refusal) {
        var retryAfter = refusal == null ? null : refusal.retryAfter();
        return retryAfter == null ? NO_RETRY : retryAfter.toMillis();
    }
}
