package io.quiver.log.catalog;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import io.quiver.log.catalog.IndexParameters.Hnsw;
import io.quiver.log.catalog.IndexParameters.Spann;
import io.quiver.log.record.QuiverException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Configurations as JSON, in the form of Chroma's API. Pure functions, safe on every thread.
 *
 * <p>A wrong shape, an unknown field among the parameters included, is refused as {@code UNPROCESSABLE}; a value that
 * no index could work with as {@code INVALID_ARGUMENT}.
 */
public final class ConfigurationJson {
    static final String MULTIPLE = "Multiple vector index configurations provided";

    private ConfigurationJson() {}

    /** Reads {@code configuration} of a request that creates a collection; JSON {@code null} is the default one. */
    public static CollectionConfiguration read(JsonNode configuration) {
        if (configuration.isNull()) {
            return CollectionConfiguration.DEFAULT;
        }
        JsonFields fields = JsonFields.of("configuration", configuration);
        JsonFields hnsw = fields.fields("hnsw");
        JsonFields spann = fields.fields("spann");
        refuseBoth(hnsw, spann);
        IndexParameters index = spann != null ? readSpann(spann) : hnsw != null ? readHnsw(hnsw) : Hnsw.DEFAULT;
        return new CollectionConfiguration(index, EmbeddingFunctionJson.read(fields, "embedding_function"));
    }

    /** Reads {@code new_configuration} of a request that changes a collection. */
    public static ConfigurationChange readChange(JsonNode newConfiguration) {
        JsonFields fields = JsonFields.of("new_configuration", newConfiguration);
        JsonFields hnsw = fields.fields("hnsw");
        JsonFields spann = fields.fields("spann");
        refuseBoth(hnsw, spann);
        checkSpannChange(spann);
        return new ConfigurationChange(
                hnsw == null ? HnswSettings.NONE : readHnswChange(hnsw),
                EmbeddingFunctionJson.read(fields, "embedding_function"));
    }

    /** Writes {@code configuration_json} of a collection. */
    public static void write(JsonGenerator out, CollectionConfiguration configuration) throws IOException {
        out.writeStartObject();
        switch (configuration.index()) {
            case Hnsw hnsw -> {
                writeHnsw(out, hnsw);
                out.writeNullField("spann");
            }
            case Spann spann -> {
                out.writeNullField("hnsw");
                writeSpann(out, spann);
            }
        }
        out.writeFieldName("embedding_function");
        writeEmbeddingFunction(out, configuration.embeddingFunctionJson());
        out.writeEndObject();
    }

    private static void writeEmbeddingFunction(JsonGenerator out, @Nullable String json) throws IOException {
        if (json == null) {
            out.writeNull();
        } else {
            out.writeRawValue(json);
        }
    }

    /** The parameters of an HNSW index that a schema and a configuration share. */
    static HnswSettings readHnswSettings(JsonFields hnsw) {
        return new HnswSettings(
                hnsw.integer("ef_construction"),
                hnsw.integer("ef_search"),
                hnsw.integer("max_neighbors"),
                hnsw.integer("num_threads"),
                hnsw.number("resize_factor"),
                hnsw.integer("sync_threshold"),
                hnsw.integer("batch_size"));
    }

    /** The parameters of a SPANN index that a schema and a configuration share. */
    static Spann readSpannParameters(JsonFields spann, @Nullable Space space) {
        Spann unsaid = Spann.DEFAULT;
        return new Spann(
                space == null ? unsaid.space() : space,
                or(spann.integer("search_nprobe"), unsaid.searchNprobe()),
                or(spann.integer("write_nprobe"), unsaid.writeNprobe()),
                or(spann.integer("ef_construction"), unsaid.efConstruction()),
                or(spann.integer("ef_search"), unsaid.efSearch()),
                or(spann.integer("max_neighbors"), unsaid.maxNeighbors()),
                or(spann.integer("reassign_neighbor_count"), unsaid.reassignNeighborCount()),
                or(spann.integer("split_threshold"), unsaid.splitThreshold()),
                or(spann.integer("merge_threshold"), unsaid.mergeThreshold()));
    }

    private static Hnsw readHnsw(JsonFields hnsw) {
        hnsw.only(
                "space",
                "ef_construction",
                "ef_search",
                "max_neighbors",
                "num_threads",
                "resize_factor",
                "sync_threshold",
                "batch_size");
        Space space = hnsw.space("space");
        return readHnswSettings(hnsw).over(space == null ? Hnsw.DEFAULT : Hnsw.DEFAULT.withSpace(space));
    }

    private static HnswSettings readHnswChange(JsonFields hnsw) {
        return readHnswSettings(hnsw.only(
                "ef_search", "max_neighbors", "num_threads", "resize_factor", "sync_threshold", "batch_size"));
    }

    private static Spann readSpann(JsonFields spann) {
        spann.only(
                "search_nprobe",
                "write_nprobe",
                "space",
                "ef_construction",
                "ef_search",
                "max_neighbors",
                "reassign_neighbor_count",
                "split_threshold",
                "merge_threshold");
        return readSpannParameters(spann, spann.space("space"));
    }

    /** Checked like any other; no collection of this server has such an index that could be changed. */
    private static void checkSpannChange(@Nullable JsonFields spann) {
        if (spann != null) {
            readSpannParameters(spann.only("search_nprobe", "ef_search"), null);
        }
    }

    private static void refuseBoth(@Nullable JsonFields hnsw, @Nullable JsonFields spann) {
        if (hnsw != null && spann != null) {
            throw QuiverException.invalid(MULTIPLE);
        }
    }

    private static int or(@Nullable Integer value, int unsaid) {
        return value == null ? unsaid : value;
    }

    private static void writeHnsw(JsonGenerator out, Hnsw hnsw) throws IOException {
        out.writeObjectFieldStart("hnsw");
        out.writeStringField("space", hnsw.space().wireName());
        out.writeNumberField("ef_construction", hnsw.efConstruction());
        out.writeNumberField("ef_search", hnsw.efSearch());
        out.writeNumberField("max_neighbors", hnsw.maxNeighbors());
        out.writeNumberField("resize_factor", hnsw.resizeFactor());
        out.writeNumberField("sync_threshold", hnsw.syncThreshold());
        out.writeEndObject();
    }

    private static void writeSpann(JsonGenerator out, Spann spann) throws IOException {
        out.writeObjectFieldStart("spann");
        out.writeNumberField("search_nprobe", spann.searchNprobe());
        out.writeNumberField("write_nprobe", spann.writeNprobe());
        out.writeStringField("space", spann.space().wireName());
        out.writeNumberField("ef_construction", spann.efConstruction());
        out.writeNumberField("ef_search", spann.efSearch());
        out.writeNumberField("max_neighbors", spann.maxNeighbors());
        out.writeNumberField("reassign_neighbor_count", spann.reassignNeighborCount());
        out.writeNumberField("split_threshold", spann.splitThreshold());
        out.writeNumberField("merge_threshold", spann.mergeThreshold());
        out.writeEndObject();
    }
}
