package io.quiver.log.catalog;

import static io.quiver.log.catalog.Json.json;
import static io.quiver.log.catalog.Json.written;
import static io.quiver.log.catalog.Refused.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.MetadataValue;
import io.quiver.log.record.SparseVector;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class SchemaJsonTest {
    private static final String HNSW = "'hnsw':{'ef_construction':100,'max_neighbors':16,'ef_search':100,"
            + "'num_threads':4,'batch_size':100,'sync_threshold':1000,'resize_factor':1.2}";
    private static final String EMPTY = "{'defaults':{},'keys':{}}";

    @Test
    void writesTheDefaultAsClientsKnowIt() {
        assertEquals(
                json("{'defaults':{"
                        + "'string':{'fts_index':{'enabled':false,'config':{}},"
                        + "'string_inverted_index':{'enabled':true,'config':{}}},"
                        + "'float_list':{'vector_index':{'enabled':false,'config':{'space':'l2'," + HNSW + "}}},"
                        + "'sparse_vector':{'sparse_vector_index':{'enabled':false,'config':{"
                        + "'embedding_function':{'type':'unknown'},'bm25':false}}},"
                        + "'int':{'int_inverted_index':{'enabled':true,'config':{}}},"
                        + "'float':{'float_inverted_index':{'enabled':true,'config':{}}},"
                        + "'bool':{'bool_inverted_index':{'enabled':true,'config':{}}}},"
                        + "'keys':{"
                        + "'#document':{'string':{'fts_index':{'enabled':true,'config':{}},"
                        + "'string_inverted_index':{'enabled':false,'config':{}}}},"
                        + "'#embedding':{'float_list':{'vector_index':{'enabled':true,'config':{'space':'l2',"
                        + "'source_key':'#document'," + HNSW + "}}}}}}"),
                written(Schema.DEFAULT));
    }

    @Test
    void fillsInWhatIsLeftOut() {
        assertEquals(Schema.DEFAULT, SchemaJson.read(json(EMPTY)).completed());
        assertTrue(Schema.DEFAULT.isDefault());
    }

    @Test
    void readsWhatItWrote() {
        Schema schema = SchemaJson.read(json("{'defaults':{'int':{'int_inverted_index':{'enabled':false,'config':{}}}},"
                        + "'keys':{'tags':{'string':{'string_inverted_index':{'enabled':false,'config':{}}}},"
                        + "'sp':{'sparse_vector':{'sparse_vector_index':{'enabled':true,'config':{'bm25':true,"
                        + "'algorithm':'wand','source_key':'#document','embedding_function':{'type':'known',"
                        + "'name':'bm25','config':{'k':1.2}}}}}},"
                        + "'#document':{'string':{'fts_index':{'enabled':true,'config':{'algorithm':'trigram'}}}}}}"))
                .completed();
        assertEquals(schema, SchemaJson.readStored(SchemaJson.writeStored(schema)));
        assertEquals(schema, SchemaJson.read(written(schema)));
    }

    @Test
    void echoesEveryGivenField() {
        String vector = "{'enabled':true,'config':{'space':'cosine','embedding_function':{'type':'legacy'},"
                + "'source_key':'#document','hnsw':{'ef_construction':1,'max_neighbors':2,'ef_search':3,"
                + "'num_threads':4,'batch_size':5,'sync_threshold':6,'resize_factor':7.5}}}";
        JsonNode echoed = written(SchemaJson.read(
                        json("{'defaults':{},'keys':{'#embedding':{'float_list':{'vector_index':" + vector + "}}}}"))
                .completed());
        assertEquals(
                json(vector),
                echoed.get("keys").get("#embedding").get("float_list").get("vector_index"));
    }

    @Test
    void understandsTheOlderNames() {
        String newer = "{'defaults':{'string':{'fts_index':{'enabled':false,'config':{}},"
                + "'string_inverted_index':{'enabled':false,'config':{}}}},"
                + "'keys':{'k':{'bool':{'bool_inverted_index':{'enabled':false,'config':{}}}}}}";
        String older = newer.replace("'keys'", "'key_overrides'")
                .replaceAll("'(string|bool)':", "'#$1':")
                .replaceAll("'(\\w+_index)':", "'\\$$1':");
        assertEquals(SchemaJson.read(json(newer)), SchemaJson.read(json(older)));
    }

    @Test
    void refusesAFieldThatIsThereByBothItsNames() {
        refused(
                ErrorCode.UNPROCESSABLE,
                "Failed to deserialize the JSON body into the target type: schema: duplicate field `keys`",
                () -> SchemaJson.read(json("{'defaults':{},'keys':{},'key_overrides':{}}")));
    }

    @Test
    void refusesWrongShapes() {
        unprocessable("schema: invalid type: sequence, expected a map", "[]");
        unprocessable("schema: missing field `keys`", "{'defaults':{}}");
        unprocessable("schema: missing field `defaults`", "{'keys':{}}");
        unprocessable(
                "schema.defaults.int.int_inverted_index: missing field `config`",
                "{'defaults':{'int':{'int_inverted_index':{'enabled':true}}},'keys':{}}");
        unprocessable(
                "schema.defaults.int.int_inverted_index: missing field `enabled`",
                "{'defaults':{'int':{'int_inverted_index':{'config':{}}}},'keys':{}}");
        unprocessable(
                "schema.defaults.int.int_inverted_index.config.x: unknown field `x`, expected none",
                "{'defaults':{'int':{'int_inverted_index':{'enabled':true,'config':{'x':1}}}},'keys':{}}");
        unprocessable(
                "schema.keys.#embedding.float_list.vector_index.config.ef: unknown field `ef`, expected one of `space`,"
                        + " `embedding_function`, `source_key`, `hnsw`, `spann`",
                embedding("'ef':1"));
        unprocessable(
                "schema.keys.#embedding.float_list.vector_index.config.spann.quantize: unknown variant `all`, expected"
                        + " one of `none`, `four_bit_rabit_q_with_u_search`",
                embedding("'spann':{'quantize':'all'}"));
        unprocessable(
                "schema.keys.#document.string.fts_index.config.algorithm: unknown variant `words`, expected one of"
                        + " `trigram`, `token_bitmap`",
                "{'defaults':{},'keys':{'#document':{'string':{'fts_index':{'enabled':true,"
                        + "'config':{'algorithm':'words'}}}}}}");
    }

    @Test
    void ignoresUnknownFieldsOutsideOfConfigs() {
        assertEquals(SchemaJson.read(json(EMPTY)), SchemaJson.read(json("{'defaults':{'x':1},'keys':{},'version':2}")));
    }

    @Test
    void refusesAnIndexWhereThereCanBeNone() {
        String on = "{'enabled':true,'config':{}}";
        invalid(
                "Vector index can only be enabled on key '#embedding'",
                key("k", "'float_list':{'vector_index':" + on + "}"));
        invalid("FTS index can only be enabled on key '#document'", key("k", "'string':{'fts_index':" + on + "}"));
        invalid(
                "Key '#document' can only have indexes of type 'string'",
                key("#document", "'int':{'int_inverted_index':" + on + "}"));
        invalid(
                "Key '#embedding' can only have indexes of type 'float_list'",
                key("#embedding", "'string':{'string_inverted_index':" + on + "}"));
        invalid("Key cannot start with '#'", key("#other", ""));
        invalid(
                "Vector index cannot be enabled in defaults, only on key '#embedding'",
                "{'defaults':{'float_list':{'vector_index':" + on + "}},'keys':{}}");
        invalid(
                "FTS index cannot be enabled in defaults, only on key '#document'",
                "{'defaults':{'string':{'fts_index':" + on + "}},'keys':{}}");
        invalid(
                "Sparse vector index cannot be enabled in defaults, only on a specific key",
                "{'defaults':{'sparse_vector':{'sparse_vector_index':" + on + "}},'keys':{}}");
        invalid(
                "Source key of a sparse vector index needs an embedding function",
                key("k", "'sparse_vector':{'sparse_vector_index':{'enabled':true,'config':{'source_key':'text'}}}"));
        invalid("Source key of the vector index can only be '#document'", embedding("'source_key':'text'"));
    }

    @Test
    void refusesTwoKindsOfIndexAtOnce() {
        refused(
                ErrorCode.INVALID_ARGUMENT,
                "Multiple vector index configurations provided",
                () -> SchemaJson.read(json(embedding("'hnsw':{},'spann':{}"))));
    }

    @Test
    void doesNotSupportEncryption() {
        refused(
                ErrorCode.UNIMPLEMENTED,
                "Customer-managed encryption keys (cmek) are not supported",
                () -> SchemaJson.read(json("{'defaults':{},'keys':{},'cmek':{'gcp':'projects/p/cryptoKeys/k'}}")));
        assertEquals(SchemaJson.read(json(EMPTY)), SchemaJson.read(json("{'defaults':{},'keys':{},'cmek':null}")));
    }

    @Test
    void notesKeysWithTheKindsOfTheirValues() {
        Map<String, MetadataValue> examples = new LinkedHashMap<>();
        examples.put("s", new MetadataValue.Text("x"));
        examples.put("i", new MetadataValue.Int(1));
        examples.put("r", new MetadataValue.Real(1));
        examples.put("b", new MetadataValue.Bool(true));
        examples.put("a", new MetadataValue.Array(List.of(new MetadataValue.Text("x"))));
        examples.put("nothing", new MetadataValue.Array(List.of()));
        examples.put("chroma:own", new MetadataValue.Int(1));
        Schema noted = Schema.DEFAULT.withKeys(examples);
        String on = "{'enabled':true,'config':{}}";
        JsonNode keys = written(noted).get("keys");
        assertEquals(json("{'string':{'string_inverted_index':" + on + "}}"), keys.get("s"));
        assertEquals(json("{'int':{'int_inverted_index':" + on + "}}"), keys.get("i"));
        assertEquals(json("{'float':{'float_inverted_index':" + on + "}}"), keys.get("r"));
        assertEquals(json("{'bool':{'bool_inverted_index':" + on + "}}"), keys.get("b"));
        assertEquals(json("{'string':{'string_inverted_index':" + on + "}}"), keys.get("a"));
        assertEquals(7, keys.size());
        assertSame(noted, noted.withKeys(examples));
    }

    @Test
    void notesKeysOfSparseVectorsAsTheDefaultsSay() {
        MetadataValue sparse = new MetadataValue.Sparse(SparseVector.of(new int[] {1}, new float[] {1}, null));
        Schema noted = Schema.DEFAULT.withKeys(Map.of("sp", sparse));
        String index = "{'sparse_vector_index':{'enabled':false,'config':"
                + "{'embedding_function':{'type':'unknown'},'bm25':false}}}";
        assertEquals(
                json("{'sparse_vector':" + index + "}"),
                written(noted).get("keys").get("sp"));
        assertSame(noted, noted.withKeys(Map.of("sp", sparse)));
        Schema given = SchemaJson.read(
                        json(key("sp", "'sparse_vector':{'sparse_vector_index':{'enabled':true,'config':{}}}")))
                .completed();
        assertSame(given, given.withKeys(Map.of("sp", sparse)));
    }

    @Test
    void notesASecondKindOfAKeyBesideTheFirst() {
        Schema noted = Schema.DEFAULT
                .withKeys(Map.of("k", new MetadataValue.Int(1)))
                .withKeys(Map.of("k", new MetadataValue.Text("x")));
        assertEquals(
                Map.of(ValueKind.INT, true, ValueKind.STRING, true),
                Objects.requireNonNull(noted.keys().get("k")).inverted());
    }

    @Test
    void notesNoMoreKeysThanItsLimit() {
        Map<String, MetadataValue> examples = new LinkedHashMap<>();
        for (int i = 0; i < Schema.KEYS_MAX + 10; i++) {
            examples.put("k" + i, new MetadataValue.Int(i));
        }
        Schema full = Schema.DEFAULT.withKeys(examples);
        assertEquals(Schema.KEYS_MAX, full.keys().size());
        assertSame(full, full.withKeys(examples));
        assertTrue(full.isIndexed("k" + (Schema.KEYS_MAX + 9), ValueKind.INT));
    }

    @Test
    void saysWhichValuesMayBeFilteredBy() {
        Schema schema = SchemaJson.read(
                        json("{'defaults':{'float':{'float_inverted_index':{'enabled':false,'config':{}}}},"
                                + "'keys':{'k':{'int':{'int_inverted_index':{'enabled':false,'config':{}}}},"
                                + "'r':{'float':{'float_inverted_index':{'enabled':true,'config':{}}}}}}"))
                .completed();
        assertFalse(schema.isIndexed("k", ValueKind.INT));
        assertTrue(schema.isIndexed("k", ValueKind.STRING));
        assertFalse(schema.isIndexed("k", ValueKind.FLOAT));
        assertTrue(schema.isIndexed("r", ValueKind.FLOAT));
        assertTrue(schema.isIndexed("other", ValueKind.INT));
        assertTrue(schema.isFullTextIndexed());
        assertFalse(SchemaJson.read(json(key("#document", "'string':{'fts_index':{'enabled':false,'config':{}}}")))
                .completed()
                .isFullTextIndexed());
        assertFalse(schema.withKeys(Map.of("new", new MetadataValue.Real(1))).isIndexed("new", ValueKind.FLOAT));
    }

    private static String embedding(String config) {
        return key("#embedding", "'float_list':{'vector_index':{'enabled':true,'config':{" + config + "}}}");
    }

    private static String key(String key, String types) {
        return "{'defaults':{},'keys':{'" + key + "':{" + types + "}}}";
    }

    private static void invalid(String message, String schema) {
        refused(
                ErrorCode.INVALID_ARGUMENT,
                "Validation error: schema: " + message,
                () -> SchemaJson.read(json(schema)));
    }

    private static void unprocessable(String message, String schema) {
        refused(
                ErrorCode.UNPROCESSABLE,
                "Failed to deserialize the JSON body into the target type: " + message,
                () -> SchemaJson.read(json(schema)));
    }
}
