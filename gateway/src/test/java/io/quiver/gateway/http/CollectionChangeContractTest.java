package io.quiver.gateway.http;

import static io.quiver.gateway.http.TestClient.D;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quiver.gateway.http.TestClient.Reply;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Section 3 of the contract: {@code PUT}, which changes a collection. */
class CollectionChangeContractTest extends ServerFixture {
    private static final String METADATA = ",'metadata':{'a':1,'b':2}";

    private Reply change(String collection, String json) {
        return client.json("PUT", collection, json, _ -> {});
    }

    private Reply shown(String collection) {
        return client.get(D + "/collections/by-id/" + collection.substring(collection.lastIndexOf('/') + 1));
    }

    private ObjectNode withoutVersion(String collection) {
        ObjectNode shown = (ObjectNode) shown(collection).json();
        shown.remove("version");
        return shown;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{'new_name':null,'new_metadata':null,'new_configuration':null,'other':1}",
                "{'new_configuration':{}}",
                "{'new_configuration':{'hnsw':null,'spann':null,'embedding_function':null}}",
                "{'new_configuration':{'spann':{'search_nprobe':5,'ef_search':6}}}"
            })
    void whatSaysNothingOfThisCollectionIsAcceptedAndChangesNothing(String json) {
        String collection = client.collection(METADATA);
        JsonNode before = withoutVersion(collection);
        change(collection, json).is(200, "{}");
        assertEquals(before, withoutVersion(collection));
    }

    @Test
    void newMetadataReplaceAllThatWasThere() {
        String collection = client.collection(METADATA);
        change(collection, "{'new_metadata':{'b':3}}").is(200, "{}");
        assertField("metadata", "{'b':3}", shown(collection));
    }

    @Test
    void newMetadataDoNotChangeTheSpace() {
        String collection = client.collection();
        change(collection, "{'new_metadata':{'hnsw:space':'cosine'}}").is(200, "{}");
        assertField("metadata", "{'hnsw:space':'cosine'}", shown(collection));
        assertEquals(
                "l2",
                shown(collection).json().at("/configuration_json/hnsw/space").textValue());
    }

    @Test
    void aNewNameIsTheOnlyOneFromThenOn() {
        String collection = client.collection();
        String old = shown(collection).json().get("name").textValue();
        String name = "n-" + UUID.randomUUID();
        change(collection, "{'new_name':'" + name + "'}").is(200, "{}");
        change(collection, "{'new_name':'" + name + "'}").is(200, "{}");
        client.get(D + "/collections/" + old)
                .isProblem(404, "NotFoundError", "Collection [" + old + "] does not exist");
        assertEquals(
                shown(collection).json(), client.get(D + "/collections/" + name).json());
        String another = client.collection();
        change(another, "{'new_name':'" + name + "'}")
                .isProblem(409, "ChromaError", "Collection [" + name + "] already exists");
    }

    @Test
    void everyParameterThatMayChangeDoes() {
        String collection = client.collection();
        change(
                        collection,
                        "{'new_configuration':{'hnsw':{'ef_search':33,'max_neighbors':10,'num_threads':1,"
                                + "'resize_factor':1.1,'sync_threshold':100,'batch_size':10},"
                                + "'embedding_function':{'type':'known','name':'f','config':{}}}}")
                .is(200, "{}");
        assertField(
                "configuration_json",
                "{'hnsw':{'space':'l2','ef_construction':100,'ef_search':33,'max_neighbors':10,'resize_factor':1.1,"
                        + "'sync_threshold':100},'spann':null,"
                        + "'embedding_function':{'type':'known','name':'f','config':{}}}",
                shown(collection));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'new_configuration':{'hnsw':{'space':'ip'}}}|new_configuration.hnsw.space: unknown field `space`, expected one of `ef_search`, `max_neighbors`, `num_threads`, `resize_factor`, `sync_threshold`, `batch_size`",
                "{'new_configuration':{'hnsw':{'ef_construction':7}}}|new_configuration.hnsw.ef_construction: unknown field `ef_construction`, expected one of `ef_search`, `max_neighbors`, `num_threads`, `resize_factor`, `sync_threshold`, `batch_size`",
                "{'new_configuration':{'spann':{'space':'ip'}}}|new_configuration.spann.space: unknown field `space`, expected one of `search_nprobe`, `ef_search`",
                "{'new_metadata':{'a':null}}|new_metadata: a: expected a value, found null at line 1 column 25",
                "{'new_name':7}|new_name: invalid type: integer `7`, expected a string at line 1 column 13"
            })
    void whatCannotChangeIsAWrongShape(String json, String problem) {
        change(client.collection(), json).isWrongShape(problem);
    }

    @Test
    void whatMakesNoSenseChangesNothing() {
        String collection = client.collection(METADATA);
        JsonNode before = shown(collection).json();
        change(collection, "{'new_metadata':{}}").isInvalid("Validation error: new_metadata: Metadata cannot be empty");
        change(collection, "{'new_name':'good-name','new_metadata':{'$k':1}}")
                .isInvalid("Validation error: new_metadata: Metadata key cannot start with '#' or '$': $k");
        change(collection, "{'new_configuration':{'hnsw':{},'spann':{}}}")
                .isInvalid("Multiple vector index configurations provided");
        assertEquals(before, shown(collection).json());
    }
}
