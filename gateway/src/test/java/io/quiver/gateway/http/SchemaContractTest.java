package io.quiver.gateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.JsonNode;
import io.quiver.gateway.http.TestClient.Reply;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Section 3 of the contract: schemas. */
class SchemaContractTest extends ServerFixture {
    private static final String COLLECTIONS = "/api/v2/tenants/default_tenant/databases/default_database/collections";
    private static final String ON = "{'enabled':true,'config':{}}";
    private static final String OFF = "{'enabled':false,'config':{}}";

    private Reply create(String schema) {
        return client.post(COLLECTIONS, "{'name':'c-" + UUID.randomUUID() + "','schema':" + schema + "}");
    }

    private JsonNode schema(String collection) {
        String id = collection.substring(COLLECTIONS.length() + 1);
        return client.get(COLLECTIONS + "/by-id/" + id).json().get("schema");
    }

    /** A collection of three that keeps no index for texts of {@code s}, for bools, and for documents. */
    private String sparing() {
        String collection = client.collection(",'schema':{'defaults':{'bool':{'bool_inverted_index':" + OFF + "}},"
                + "'keys':{'s':{'string':{'string_inverted_index':" + OFF + "}},"
                + "'#document':{'string':{'fts_index':" + OFF + "}}}}");
        client.addThree(collection).is(201, "{}");
        return collection;
    }

    @Test
    void defaultsAreReturnedWhenNothingWasSaid() {
        String hnsw = "'hnsw':{'ef_construction':100,'max_neighbors':16,'ef_search':100,'num_threads':"
                + schema(client.collection()).at("/keys/#embedding/float_list/vector_index/config/hnsw/num_threads")
                + ",'batch_size':100,'sync_threshold':1000,'resize_factor':1.2}";
        assertEquals(
                TestClient.parse(("{'defaults':{'string':{'fts_index':" + OFF + ",'string_inverted_index':" + ON + "},"
                                + "'float_list':{'vector_index':{'enabled':false,'config':{'space':'l2'," + hnsw
                                + "}}},"
                                + "'sparse_vector':{'sparse_vector_index':{'enabled':false,'config':"
                                + "{'embedding_function':{'type':'unknown'},'bm25':false}}},"
                                + "'int':{'int_inverted_index':" + ON + "},'float':{'float_inverted_index':" + ON + "},"
                                + "'bool':{'bool_inverted_index':" + ON + "}},"
                                + "'keys':{'#document':{'string':{'fts_index':" + ON + ",'string_inverted_index':" + OFF
                                + "}},'#embedding':{'float_list':{'vector_index':{'enabled':true,'config':{'space':'l2',"
                                + "'source_key':'#document'," + hnsw + "}}}}}}")
                        .replace('\'', '"')),
                schema(client.collection()));
    }

    @Test
    void olderNamesOfFieldsMeanTheSame() {
        JsonNode older = create("{'defaults':{'#int':{'$int_inverted_index':" + OFF + "}},"
                        + "'key_overrides':{'k':{'#string':{'$string_inverted_index':" + OFF + "}}}}")
                .json()
                .get("schema");
        JsonNode newer = create("{'defaults':{'int':{'int_inverted_index':" + OFF + "}},"
                        + "'keys':{'k':{'string':{'string_inverted_index':" + OFF + "}}}}")
                .json()
                .get("schema");
        assertEquals(newer, older);
        assertFalse(newer.at("/keys/k/string/string_inverted_index/enabled").booleanValue());
        assertFalse(newer.at("/defaults/int/int_inverted_index/enabled").booleanValue());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'defaults':{},'keys':{'k':{'float_list':{'vector_index':ON}}}}"
                        + "|Vector index can only be enabled on key '#embedding'",
                "{'defaults':{},'keys':{'k':{'string':{'fts_index':ON}}}}|FTS index can only be enabled on key '#document'",
                "{'defaults':{},'keys':{'#document':{'bool':{'bool_inverted_index':ON}}}}"
                        + "|Key '#document' can only have indexes of type 'string'",
                "{'defaults':{},'keys':{'#embedding':{'int':{'int_inverted_index':ON}}}}"
                        + "|Key '#embedding' can only have indexes of type 'float_list'",
                "{'defaults':{},'keys':{'#k':{}}}|Key cannot start with '#'",
                "{'defaults':{'float_list':{'vector_index':ON}},'keys':{}}"
                        + "|Vector index cannot be enabled in defaults, only on key '#embedding'",
                "{'defaults':{'string':{'fts_index':ON}},'keys':{}}"
                        + "|FTS index cannot be enabled in defaults, only on key '#document'",
                "{'defaults':{'sparse_vector':{'sparse_vector_index':ON}},'keys':{}}"
                        + "|Sparse vector index cannot be enabled in defaults, only on a specific key",
                "{'defaults':{},'keys':{'k':{'sparse_vector':{'sparse_vector_index':"
                        + "{'enabled':true,'config':{'source_key':'t'}}}}}}"
                        + "|Source key of a sparse vector index needs an embedding function",
                "{'defaults':{},'keys':{'#embedding':{'float_list':{'vector_index':"
                        + "{'enabled':true,'config':{'source_key':'t'}}}}}}"
                        + "|Source key of the vector index can only be '#document'"
            })
    void everyIndexHasItsPlace(String schema, String message) {
        create(schema.replace("ON", ON)).isInvalid("Validation error: schema: " + message);
    }

    @Test
    void oneKindOfVectorIndexIsEnough() {
        create("{'defaults':{},'keys':{'#embedding':{'float_list':{'vector_index':"
                        + "{'enabled':true,'config':{'hnsw':{},'spann':{}}}}}}}")
                .isInvalid("Multiple vector index configurations provided");
    }

    @Test
    void keysAreNotedAsTheyAreWritten() {
        String collection = sparing();
        JsonNode keys = schema(collection).get("keys");
        assertEquals(
                TestClient.parse(
                        ("{'int':{'int_inverted_index':" + ON + "},'float':{'float_inverted_index':" + ON + "}}")
                                .replace('\'', '"')),
                keys.get("k"));
        assertFalse(keys.at("/b/bool/bool_inverted_index/enabled").booleanValue());
        assertFalse(keys.at("/s/string/string_inverted_index/enabled").booleanValue());
        assertEquals(
                TestClient.parse(("{'string':{'string_inverted_index':" + ON + "}}").replace('\'', '"')),
                keys.get("t"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/get|{'where':W}",
                "/query|{'query_embeddings':[[1,0,0]],'where':W}",
                "/delete|{'where':W}",
                "/conditional/get|{'where':W}",
                "/get|{'where':{'$or':[{'k':1},{'$and':[W,{'k':2}]}]}}"
            })
    void aFilterWithoutAnIndexIsRefusedWhereverItStands(String request) {
        String collection = sparing();
        String path = collection + request.substring(0, request.indexOf('|'));
        String body = request.substring(request.indexOf('|') + 1);
        client.post(path, body.replace("W", "{'s':'x'}"))
                .isInvalid("Cannot filter using metadata key 's' with type 'Str' because indexing is disabled");
        client.post(path, body.replace("W", "{'s':{'$nin':['x']}}"))
                .isInvalid("Cannot filter using metadata key 's' with type 'Str' because indexing is disabled");
        client.post(path, body.replace("W", "{'b':true}"))
                .isInvalid("Cannot filter using metadata key 'b' with type 'Bool' because indexing is disabled");
        client.post(path, body.replace("W", "{'#document':{'$contains':'x'}}"))
                .isInvalid("Cannot filter using full-text search because FTS indexing is disabled");
        assertIds("['a','b','c']", client.post(collection + "/get", "{}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/get|{'where_document':W}", "/query|{'query_embeddings':[[1,0,0]],'where_document':W}"})
    void documentsAreNotFilteredByWithoutAnIndex(String request) {
        String path = sparing() + request.substring(0, request.indexOf('|'));
        String body = request.substring(request.indexOf('|') + 1);
        for (String clause : new String[] {"{'$contains':'x'}", "{'$not_contains':'x'}", "{'$regex':'x'}"}) {
            client.post(path, body.replace("W", clause))
                    .isInvalid("Cannot filter using full-text search because FTS indexing is disabled");
        }
    }

    @Test
    void whatIsIndexedCanBeFilteredBy() {
        String collection = sparing();
        assertIds("['a']", client.post(collection + "/get", "{'where':{'k':1}}"));
        assertIds("['a']", client.post(collection + "/get", "{'where':{'t':{'$contains':'q'}}}"));
        assertIds("['a','b','c']", client.post(collection + "/get", "{'where':{'s':{'$ne':7}}}"));
    }
}
