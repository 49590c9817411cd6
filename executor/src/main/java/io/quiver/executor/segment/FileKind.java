package io.quiver.executor.segment;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** The files of a sealed segment. {@code docs/formats.md} has the layout of each. */
enum FileKind {
    /** The embeddings. */
    VECTORS("vectors.qv", "QVVECTOR"),
    /** Inverse norms of the embeddings, where the metric is cosine. */
    NORMS("norms.qn", "QVINORMS"),
    /** Per row, where its record lies and when it was written. */
    ROWS("rows.qo", "QVROWPOS"),
    /** Ids, documents, uris, metadata. */
    RECORDS("records.qr", "QVRECORD"),
    /** Sparse vectors of the metadata, by their terms, where there are any. */
    SPARSE("sparse.qs", "QVSPARSE"),
    /** From id to row. */
    IDS("ids.qi", "QVIDINDX"),
    /** One bit a dimension of the embeddings, where the segment is large enough for that. */
    CODES("codes.qb", "QVCODES1"),
    /** The graph over the embeddings, which a published segment gets later. */
    GRAPH("graph.qg", "QVGRAPH1"),
    /** The graph in its compact form, which a segment has in the place of the other. */
    COMPACT("compact.qc", "QVCOMPCT"),
    /** What the graph's recall was found to be. */
    RECALL("recall.qc", "QVRECALL"),
    /** Rows that have ended, a side file. */
    TOMBSTONES("tombstones-%d.qt", "QVTOMBST");

    /** Of the text and metadata index, beside these files. */
    static final String FILTER_DIRECTORY = "text";

    private final String fileName;
    private final long magic;

    FileKind(String fileName, String magic) {
        this.fileName = fileName;
        this.magic = ByteBuffer.wrap(magic.getBytes(StandardCharsets.US_ASCII))
                .order(ByteOrder.LITTLE_ENDIAN)
                .getLong();
    }

    /** The name of the file; that of tombstones has the log offset in it. */
    String fileName() {
        return fileName;
    }

    /** The first eight bytes of the file. */
    long magic() {
        return magic;
    }
}
