package io.quiver.log.catalog;

import com.fasterxml.jackson.core.JsonGenerator;
import io.quiver.log.catalog.ValueTypes.SparseVectorIndex;
import io.quiver.log.catalog.ValueTypes.VectorIndex;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The writing half of {@link SchemaJson}. */
final class SchemaWriter {
    private SchemaWriter() {}

    static void write(JsonGenerator out, Schema schema) throws IOException {
        out.writeStartObject();
        out.writeFieldName("defaults");
        writeTypes(out, schema.defaults());
        out.writeObjectFieldStart("keys");
        for (Map.Entry<String, ValueTypes> entry : schema.keys().entrySet()) {
            out.writeFieldName(entry.getKey());
            writeTypes(out, entry.getValue());
        }
        out.writeEndObject();
        out.writeEndObject();
    }

    private static void writeTypes(JsonGenerator out, ValueTypes types) throws IOException {
        out.writeStartObject();
        writeString(out, types);
        if (types.vector() != null) {
            out.writeObjectFieldStart("float_list");
            writeVector(out, types.vector());
            out.writeEndObject();
        }
        if (types.sparseVector() != null) {
            out.writeObjectFieldStart("sparse_vector");
            writeSparseVector(out, types.sparseVector());
            out.writeEndObject();
        }
        writeInverted(out, types, ValueKind.INT);
        writeInverted(out, types, ValueKind.FLOAT);
        writeInverted(out, types, ValueKind.BOOL);
        out.writeEndObject();
    }

    private static void writeString(JsonGenerator out, ValueTypes types) throws IOException {
        Boolean inverted = types.inverted().get(ValueKind.STRING);
        if (types.fullText() == null && inverted == null) {
            return;
        }
        out.writeObjectFieldStart("string");
        if (types.fullText() != null) {
            startIndex(out, "fts_index", types.fullText().enabled());
            writeText(out, "algorithm", types.fullText().algorithm());
            endIndex(out);
        }
        if (inverted != null) {
            startIndex(out, ValueKind.STRING.indexName(), inverted);
            endIndex(out);
        }
        out.writeEndObject();
    }

    private static void writeInverted(JsonGenerator out, ValueTypes types, ValueKind kind) throws IOException {
        Boolean enabled = types.inverted().get(kind);
        if (enabled != null) {
            out.writeObjectFieldStart(kind.wireName());
            startIndex(out, kind.indexName(), enabled);
            endIndex(out);
            out.writeEndObject();
        }
    }

    private static void writeVector(JsonGenerator out, VectorIndex vector) throws IOException {
        startIndex(out, "vector_index", vector.enabled());
        writeText(out, "space", vector.space() == null ? null : vector.space().wireName());
        writeEmbeddingFunction(out, vector.embeddingFunctionJson());
        writeText(out, "source_key", vector.sourceKey());
        if (vector.hnsw() != null) {
            writeHnsw(out, vector.hnsw());
        }
        endIndex(out);
    }

    private static void writeHnsw(JsonGenerator out, HnswSettings hnsw) throws IOException {
        out.writeObjectFieldStart("hnsw");
        writeNumber(out, "ef_construction", hnsw.efConstruction());
        writeNumber(out, "max_neighbors", hnsw.maxNeighbors());
        writeNumber(out, "ef_search", hnsw.efSearch());
        writeNumber(out, "num_threads", hnsw.numThreads());
        writeNumber(out, "batch_size", hnsw.batchSize());
        writeNumber(out, "sync_threshold", hnsw.syncThreshold());
        if (hnsw.resizeFactor() != null) {
            out.writeNumberField("resize_factor", hnsw.resizeFactor());
        }
        out.writeEndObject();
    }

    private static void writeSparseVector(JsonGenerator out, SparseVectorIndex sparse) throws IOException {
        startIndex(out, "sparse_vector_index", sparse.enabled());
        writeEmbeddingFunction(out, sparse.embeddingFunctionJson());
        writeText(out, "source_key", sparse.sourceKey());
        if (sparse.bm25() != null) {
            out.writeBooleanField("bm25", sparse.bm25());
        }
        writeText(out, "algorithm", sparse.algorithm());
        endIndex(out);
    }

    private static void startIndex(JsonGenerator out, String name, boolean enabled) throws IOException {
        out.writeObjectFieldStart(name);
        out.writeBooleanField("enabled", enabled);
        out.writeObjectFieldStart("config");
    }

    private static void endIndex(JsonGenerator out) throws IOException {
        out.writeEndObject();
        out.writeEndObject();
    }

    private static void writeEmbeddingFunction(JsonGenerator out, @Nullable String json) throws IOException {
        if (json != null) {
            out.writeFieldName("embedding_function");
            out.writeRawValue(json);
        }
    }

    private static void writeText(JsonGenerator out, String name, @Nullable String text) throws IOException {
        if (text != null) {
            out.writeStringField(name, text);
        }
    }

    private static void writeNumber(JsonGenerator out, String name, @Nullable Integer number) throws IOException {
        if (number != null) {
            out.writeNumberField(name, number);
        }
    }
}
