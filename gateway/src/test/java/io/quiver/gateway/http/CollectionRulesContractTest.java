package io.quiver.gateway.http;

import static io.quiver.gateway.http.TestClient.D;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.quiver.gateway.http.TestClient.Reply;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Section 3 of the contract: configuration, metadata and schema of a collection when it is created. */
class CollectionRulesContractTest extends ServerFixture {
    private static final String LEGACY = "Failed to parse hnsw parameters from segment metadata";

    private Reply create(String fields) {
        return client.post(D + "/collections", "{'name':'c-" + UUID.randomUUID() + "'," + fields + "}");
    }

    private static JsonNode json(String text) {
        return TestClient.parse(text.replace('\'', '"'));
    }

    private static JsonNode hnsw(Reply reply) {
        assertEquals(200, reply.status(), reply.body());
        assertTrue(reply.json().at("/configuration_json/spann").isNull(), reply.body());
        return reply.json().at("/configuration_json/hnsw");
    }

    private static String parameters(
            String space, int construction, int search, int neighbors, double factor, int sync) {
        return "{'space':'%s','ef_construction':%d,'ef_search':%d,'max_neighbors':%d,'resize_factor':%s,'sync_threshold':%d}"
                .formatted(space, construction, search, neighbors, factor, sync);
    }

    @Test
    void nullStandsForEveryFieldThatIsAbsent() {
        Reply reply = create("'get_or_create':null,'metadata':null,'configuration':null,'schema':null");
        assertEquals(json(parameters("l2", 100, 100, 16, 1.2, 1000)), hnsw(reply));
        assertTrue(reply.json().get("metadata").isNull());
        Reply inner = create("'configuration':{'hnsw':null,'spann':null,'embedding_function':null,'other':1}");
        assertEquals(json(parameters("l2", 100, 100, 16, 1.2, 1000)), hnsw(inner));
    }

    @Test
    void everyParameterIsTakenAndAllButTwoAreReturned() {
        Reply reply = create("'configuration':{'hnsw':{'space':'ip','ef_construction':10,'ef_search':20,"
                + "'max_neighbors':5,'num_threads':3,'resize_factor':2.0,'sync_threshold':5,'batch_size':4}}");
        assertEquals(json(parameters("ip", 10, 20, 5, 2.0, 5)), hnsw(reply));
    }

    @Test
    void everyLegacyKeyConfiguresTheIndexAndStaysInTheMetadata() {
        String metadata = "{'hnsw:space':'ip','hnsw:construction_ef':50,'hnsw:search_ef':60,'hnsw:M':20,"
                + "'hnsw:num_threads':2,'hnsw:resize_factor':1.5,'hnsw:sync_threshold':500,'hnsw:batch_size':50}";
        Reply reply = create("'metadata':" + metadata + ",'configuration':{'hnsw':{}}");
        assertEquals(json(parameters("ip", 50, 60, 20, 1.5, 500)), hnsw(reply));
        assertField("metadata", metadata, reply);
    }

    @Test
    void legacyKeysYieldToAConfigurationThatSaysSomething() {
        Reply reply = create("'metadata':{'hnsw:space':'ip'},'configuration':{'hnsw':{'space':'cosine'}}");
        assertEquals("cosine", hnsw(reply).get("space").textValue());
        assertField("metadata", "{'hnsw:space':'ip'}", reply);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"'hnsw:foo':1", "'hnsw:M':'x'", "'hnsw:space':1", "'hnsw:space':'l3'", "'hnsw:search_ef':1.5"})
    void legacyKeysThatAreNoneAreRefused(String field) {
        create("'metadata':{" + field + "}").isInvalid(LEGACY);
    }

    @Test
    void ofTheOtherIndexKindOnlyTheSpaceIsCarriedOver() {
        Reply reply = create("'configuration':{'spann':{'space':'cosine','search_nprobe':10,'write_nprobe':128,"
                + "'ef_construction':200,'ef_search':7,'max_neighbors':64,'reassign_neighbor_count':64,"
                + "'split_threshold':200,'merge_threshold':100}}");
        assertEquals(json(parameters("cosine", 100, 100, 16, 1.2, 1000)), hnsw(reply));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'write_nprobe':129|write_nprobe: Expected 1 to 128, got 129",
                "'ef_construction':201|ef_construction: Expected 1 to 200, got 201",
                "'max_neighbors':65|max_neighbors: Expected 1 to 64, got 65",
                "'split_threshold':24|split_threshold: Expected 25 to 200, got 24",
                "'split_threshold':201|split_threshold: Expected 25 to 200, got 201",
                "'merge_threshold':11|merge_threshold: Expected 12 to 100, got 11",
                "'merge_threshold':101|merge_threshold: Expected 12 to 100, got 101"
            })
    void theParametersOfTheOtherIndexKindHaveTheirBounds(String field, String problem) {
        create("'configuration':{'spann':{" + field + "}}").isInvalid("Validation error: " + problem);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'configuration':{'hnsw':{'space':'L2'}}|configuration.hnsw.space: unknown variant `L2`, expected one of `l2`, `cosine`, `ip`",
                "'configuration':{'hnsw':{'foo':1}}|configuration.hnsw.foo: unknown field `foo`, expected one of `space`, `ef_construction`, `ef_search`, `max_neighbors`, `num_threads`, `resize_factor`, `sync_threshold`, `batch_size`",
                "'configuration':{'spann':{'foo':1}}|configuration.spann.foo: unknown field `foo`, expected one of `search_nprobe`, `write_nprobe`, `space`, `ef_construction`, `ef_search`, `max_neighbors`, `reassign_neighbor_count`, `split_threshold`, `merge_threshold`",
                "'configuration':{'embedding_function':{'type':'other'}}|configuration.embedding_function.type: unknown variant `other`, expected one of `legacy`, `known`, `unknown`",
                "'configuration':{'embedding_function':{'type':'known'}}|configuration.embedding_function: missing field `name`",
                "'schema':{'defaults':{},'keys':{'k':{'int':{'int_inverted_index':{'enabled':true,'config':{'x':1}}}}}}|schema.keys.k.int.int_inverted_index.config.x: unknown field `x`, expected none"
            })
    void aWrongShapeIsToldWithItsPlace(String field, String problem) {
        create(field).isWrongShape(problem);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'type':'legacy'}",
                "{'type':'unknown'}",
                "{'type':'known','name':'mine','config':{'a':[1,null,{'b':1.5}]}}"
            })
    void anEmbeddingFunctionIsEchoed(String function) {
        Reply reply = create("'configuration':{'embedding_function':" + function + "}");
        assertEquals(json(function), reply.json().at("/configuration_json/embedding_function"));
        assertEquals(
                json(function),
                reply.json().at("/schema/keys/#embedding/float_list/vector_index/config/embedding_function"));
    }

    @Test
    void metadataKeepTheKindsOfTheirValues() {
        String metadata = "{'b':false,'i':9007199254740993,'r':1.0,'s':'x','l':['p','q'],'e':[]}";
        Reply reply = create("'metadata':" + metadata);
        assertField("metadata", metadata, reply);
        assertEquals(metadata.replace('\'', '"'), reply.json().get("metadata").toString());
    }

    @Test
    void reservedKeysOfMetadataAreNotShown() {
        assertField("metadata", "{'y':2}", create("'metadata':{'chroma:x':1,'y':2}"));
        assertField("metadata", "null", create("'metadata':{'chroma:x':1}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{}|400|Validation error: metadata: Metadata cannot be empty",
                "{'#a':1}|400|Validation error: metadata: Metadata key cannot start with '#' or '$': #a",
                "{'$a':1}|400|Validation error: metadata: Metadata key cannot start with '#' or '$': $a",
                "{'':1}|400|Validation error: metadata: Metadata key cannot be empty",
                "{'a':null}|422|Failed to deserialize the JSON body into the target type: metadata: a: expected a value, found null",
                "{'a':{'b':1}}|422|Failed to deserialize the JSON body into the target type: metadata: a: expected a value or an array of values, found an object",
                "{'a':[1,'x']}|422|Failed to deserialize the JSON body into the target type: metadata: a: expected an array of values of one kind, found several kinds",
                "'x'|422|Failed to deserialize the JSON body into the target type: metadata: invalid type: string \"x\", expected a map"
            })
    void metadataThatCannotBeKeptAreRefused(String metadata, int status, String problem) {
        Reply reply = create("'metadata':" + metadata);
        assertEquals(status, reply.status());
        assertEquals(problem, reply.json().get("message").textValue().replaceAll(" at line 1 column \\d+$", ""));
    }

    @Test
    void theFirstWriteFixesTheDimensionForEver() {
        String collection = client.collection();
        String byId = D + "/collections/by-id/" + collection.substring(collection.lastIndexOf('/') + 1);
        assertField("dimension", "null", client.get(byId));
        client.post(collection + "/upsert", "{'ids':['a'],'embeddings':[[1,2]]}")
                .is(200, "{}");
        assertField("dimension", "2", client.get(byId));
        client.post(collection + "/delete", "{'ids':['a']}").is(200, "{'deleted':1}");
        assertField("dimension", "2", client.get(byId));
        client.post(collection + "/add", "{'ids':['a'],'embeddings':[[1,2,3]]}")
                .isInvalid("Collection expecting embedding with dimension of 2, got 3");
    }
}
