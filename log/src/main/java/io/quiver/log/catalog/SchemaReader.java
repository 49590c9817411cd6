package io.quiver.log.catalog;

import io.quiver.log.catalog.ValueTypes.FullTextIndex;
import io.quiver.log.catalog.ValueTypes.SparseVectorIndex;
import io.quiver.log.catalog.ValueTypes.VectorIndex;
import io.quiver.log.record.QuiverException;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The reading half of {@link SchemaJson}. */
final class SchemaReader {
    private static final List<String> UNUSED_COUNTS =
            List.of("nreplica_count", "num_samples_kmeans", "num_centers_to_merge_to");
    private static final List<String> UNUSED_FACTORS = List.of(
            "search_rng_factor",
            "search_rng_epsilon",
            "write_rng_factor",
            "write_rng_epsilon",
            "initial_lambda",
            "center_drift_threshold");
    private static final String[] SPANN_FIELDS = {
        "search_nprobe",
        "search_rng_factor",
        "search_rng_epsilon",
        "nreplica_count",
        "write_rng_factor",
        "write_rng_epsilon",
        "split_threshold",
        "num_samples_kmeans",
        "initial_lambda",
        "reassign_neighbor_count",
        "merge_threshold",
        "num_centers_to_merge_to",
        "write_nprobe",
        "ef_construction",
        "ef_search",
        "max_neighbors",
        "center_drift_threshold",
        "quantize"
    };

    private SchemaReader() {}

    static Schema read(JsonFields schema) {
        JsonFields keys = schema.fields("keys", "key_overrides");
        if (keys == null) {
            throw JsonFields.unprocessable("schema", "missing field `keys`");
        }
        Map<String, ValueTypes> read = new LinkedHashMap<>();
        for (String key : keys.names()) {
            read.put(key, readTypes(keys.requiredFields(key)));
        }
        return new Schema(readTypes(schema.requiredFields("defaults")), read);
    }

    private static ValueTypes readTypes(JsonFields types) {
        Map<ValueKind, Boolean> inverted = new EnumMap<>(ValueKind.class);
        for (ValueKind kind : ValueKind.values()) {
            Boolean enabled = readInverted(type(types, kind.wireName()), kind.indexName());
            if (enabled != null) {
                inverted.put(kind, enabled);
            }
        }
        return new ValueTypes(
                inverted,
                readFullText(index(type(types, "string"), "fts_index")),
                readVector(index(type(types, "float_list"), "vector_index")),
                readSparseVector(index(type(types, "sparse_vector"), "sparse_vector_index")));
    }

    private static @Nullable JsonFields type(JsonFields types, String name) {
        return types.fields(name, "#" + name);
    }

    private static @Nullable JsonFields index(@Nullable JsonFields type, String name) {
        return type == null ? null : type.fields(name, "$" + name);
    }

    private static @Nullable Boolean readInverted(@Nullable JsonFields type, String name) {
        JsonFields index = index(type, name);
        if (index == null) {
            return null;
        }
        index.requiredFields("config").only();
        return index.requiredTruth("enabled");
    }

    private static @Nullable FullTextIndex readFullText(@Nullable JsonFields index) {
        if (index == null) {
            return null;
        }
        JsonFields config = index.requiredFields("config").only("algorithm");
        return new FullTextIndex(
                index.requiredTruth("enabled"), config.variant("algorithm", "trigram", "token_bitmap"));
    }

    private static @Nullable VectorIndex readVector(@Nullable JsonFields index) {
        if (index == null) {
            return null;
        }
        JsonFields config =
                index.requiredFields("config").only("space", "embedding_function", "source_key", "hnsw", "spann");
        JsonFields hnsw = config.fields("hnsw");
        checkSpann(config.fields("spann"), hnsw);
        return new VectorIndex(
                index.requiredTruth("enabled"),
                config.space("space"),
                EmbeddingFunctionJson.read(config, "embedding_function"),
                config.text("source_key"),
                hnsw == null ? null : readHnsw(hnsw));
    }

    /** Checked like any other, then dropped: this server's index kind is the other one. */
    private static void checkSpann(@Nullable JsonFields spann, @Nullable JsonFields hnsw) {
        if (spann == null) {
            return;
        }
        if (hnsw != null) {
            throw QuiverException.invalid(ConfigurationJson.MULTIPLE);
        }
        spann.only(SPANN_FIELDS);
        ConfigurationJson.readSpannParameters(spann, null);
        UNUSED_COUNTS.forEach(spann::integer);
        UNUSED_FACTORS.forEach(spann::number);
        spann.variant("quantize", "none", "four_bit_rabit_q_with_u_search");
    }

    private static HnswSettings readHnsw(JsonFields hnsw) {
        return ConfigurationJson.readHnswSettings(hnsw.only(
                "ef_construction",
                "max_neighbors",
                "ef_search",
                "num_threads",
                "batch_size",
                "sync_threshold",
                "resize_factor"));
    }

    private static @Nullable SparseVectorIndex readSparseVector(@Nullable JsonFields index) {
        if (index == null) {
            return null;
        }
        JsonFields config =
                index.requiredFields("config").only("embedding_function", "source_key", "bm25", "algorithm");
        return new SparseVectorIndex(
                index.requiredTruth("enabled"),
                EmbeddingFunctionJson.read(config, "embedding_function"),
                config.text("source_key"),
                config.truth("bm25"),
                config.variant("algorithm", "wand", "max_score"));
    }
}
