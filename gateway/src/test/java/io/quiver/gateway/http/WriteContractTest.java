package io.quiver.gateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.gateway.http.TestClient.Reply;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Section 4 of the contract: writing records. */
class WriteContractTest extends ServerFixture {
    private Reply all(String collection) {
        return client.post(collection + "/get", "{'include':['documents','embeddings','metadatas','uris']}");
    }

    @Test
    void storesBase64AsItStoresNumbers() {
        ByteBuffer bytes = ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putFloat(0.1f)
                .putFloat(-3e38f);
        String base64 = Base64.getEncoder().encodeToString(bytes.array());
        String collection = client.collection();
        client.post(collection + "/add", "{'ids':['a','b'],'embeddings':['" + base64 + "','" + base64 + "']}")
                .is(201, "{}");
        client.post(collection + "/upsert", "{'ids':['b'],'embeddings':[[0.1,-3e38]]}")
                .is(200, "{}");
        Reply reply = all(collection);
        assertEquals(reply.json().at("/embeddings/0"), reply.json().at("/embeddings/1"));
        assertTrue(reply.body().contains("\"embeddings\":[[0.1,-3.0E38],"), reply.body());
    }

    @Test
    void addKeepsTheFirst() {
        String collection = client.collectionOfThree();
        client.post(
                        collection + "/add",
                        "{'ids':['d','d','a'],'embeddings':[[1,1,1],[2,2,2],[9,9,9]],'documents':['first','second','third']}")
                .is(201, "{}");
        Reply reply = all(collection);
        assertIds("['a','b','c','d']", reply);
        assertField("documents", "['hello world','foo bar',null,'first']", reply);
    }

    @Test
    void upsertInsertsOrOverwritesAndMerges() {
        String collection = client.collectionOfThree();
        client.post(collection + "/upsert", """
                        {'ids':['d','a','a'],'embeddings':[[5,5,5],[6,6,6],[7,7,7]],'documents':['new',null,null],
                         'metadatas':[null,{'k':null,'n':1},{'m':2}],'uris':[null,null,'u2']}""").is(200, "{}");
        Reply reply = all(collection);
        assertIds("['a','b','c','d']", reply);
        assertField("documents", "['hello world','foo bar',null,'new']", reply);
        assertField("uris", "['u2',null,null,null]", reply);
        assertEquals(
                TestClient.parse("{\"s\":\"x\",\"t\":[\"p\",\"q\"],\"n\":1,\"m\":2}"),
                reply.json().at("/metadatas/0"));
        assertEquals(TestClient.parse("[7.0,7.0,7.0]"), reply.json().at("/embeddings/0"));
    }

    @Test
    void updateOfAMissingIdIsIgnored() {
        String collection = client.collectionOfThree();
        client.post(collection + "/update", "{'ids':['zzz','b'],'documents':['x','y']}")
                .is(200, "{}");
        assertField("documents", "['hello world','y',null]", all(collection));
    }

    @Test
    void anEmptyListIsNoWrite() {
        String collection = client.collection();
        client.post(collection + "/add", "{'ids':[],'embeddings':[]}").is(201, "{}");
        client.post(collection + "/upsert", "{'ids':[],'embeddings':[]}").is(200, "{}");
        assertEquals("0", client.get(collection + "/count").body());
    }

    @Test
    void everyWriteNamesItsOffset() {
        String collection = client.collection();
        long first = offset(client.post(collection + "/add", "{'ids':['a'],'embeddings':[[1]]}"));
        long second = offset(client.post(collection + "/update", "{'ids':['a'],'documents':['x']}"));
        long third = offset(client.post(collection + "/delete", "{'ids':['a']}"));
        assertTrue(0 < first && first < second && second < third, first + " " + second + " " + third);
        assertTrue(offset(client.post(collection + "/get", "{}")) >= third);
    }

    private static long offset(Reply reply) {
        return Long.parseLong(reply.header(RecordAnswers.OFFSET_HEADER));
    }

    @Test
    void keepsWhatItIsGiven() {
        String collection = client.collection();
        String metadata =
                "{\"i\":9007199254740993,\"one\":1,\"real\":1.0,\"t\":true,\"e\":[],\"r\":[1.5,2.0],\"s\":\"ä\\u0000🏹\"}";
        client.post(
                        collection + "/add",
                        "{\"ids\":[\"id \\u0001/ä\"],\"embeddings\":[[1]],\"metadatas\":[" + metadata + "]}")
                .is(201, "{}");
        assertIds("['id \\u0001/ä']", all(collection));
        assertEquals(
                TestClient.parse(metadata).toString(),
                all(collection).json().at("/metadatas/0").toString());
    }

    @Test
    void showsEmptyAndReservedMetadataAsNone() {
        String collection = client.collection();
        client.post(
                        collection + "/add",
                        "{'ids':['a','b','c'],'embeddings':[[1],[2],[3]],'metadatas':[{},{'chroma:x':1},{'chroma:x':1,'y':2}]}")
                .is(201, "{}");
        assertField("metadatas", "[null,null,{'y':2}]", all(collection));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'ids':[''],'embeddings':[[1,2,3]]}|Empty ID, ID must have at least one character",
                "{'ids':['a'],'embeddings':[[1,2,3],[1,2,3]]}|Inconsistent number of IDs, embeddings, documents, URIs and metadatas",
                "{'ids':['a','b'],'embeddings':[[1,2,3],[1,2]]}|Inconsistent dimensions in provided embeddings",
                "{'ids':['a'],'embeddings':[[1,2]]}|Collection expecting embedding with dimension of 3, got 2",
                "{'ids':['a'],'embeddings':[[1,2,3]],'metadatas':[{'#k':1}]}|Invalid metadata at index 0",
                "{'ids':['a','b'],'embeddings':[[1,2,3],[1,2,3]],'metadatas':[null,{'':1}]}|Invalid metadata at index 1",
                "{'ids':['a'],'embeddings':[[1e999,2,3]]}|Failed to parse the request body as JSON: number out of range at line 1 column 33"
            })
    void refusesWhatCannotBeKept(String json, String message) {
        String collection = client.collectionOfThree();
        client.post(collection + "/add", json).isInvalid(message);
        client.post(collection + "/upsert", json).isInvalid(message);
        assertEquals("3", client.get(collection + "/count").body());
    }

    @Test
    void refusesAnUpdateOfAnotherDimension() {
        client.post(client.collectionOfThree() + "/update", "{'ids':['a'],'embeddings':[[1,2]]}")
                .isInvalid("Collection expecting embedding with dimension of 3, got 2");
    }

    @Test
    void refusesEmbeddingsThatAreNotThere() {
        String collection = client.collection();
        assertEquals(422, client.post(collection + "/add", "{'ids':['a']}").status());
        assertEquals(
                422,
                client.post(collection + "/add", "{'ids':['a'],'embeddings':null}")
                        .status());
        assertEquals(
                422,
                client.post(collection + "/upsert", "{'ids':['a'],'embeddings':[null]}")
                        .status());
        assertEquals(
                422,
                client.post(collection + "/add", "{'ids':['a'],'embeddings':[[1]],'metadatas':[{'a':null}]}")
                        .status());
    }

    @Test
    void deletesByIdsAndFiltersTogether() {
        String collection = client.collectionOfThree();
        client.post(collection + "/delete", "{'ids':['a','b'],'where':{'k':2.5}}")
                .is(200, "{'deleted':1}");
        assertIds("['a','c']", all(collection));
        client.post(collection + "/delete", "{'where_document':{'$contains':'hello'},'where':{'s':'y'}}")
                .is(200, "{'deleted':0}");
        client.post(collection + "/delete", "{'where_document':{'$contains':'hello'}}")
                .is(200, "{'deleted':1}");
        assertIds("['c']", all(collection));
    }

    @Test
    void deletesAtMostSoMany() {
        String collection = client.collectionOfThree();
        client.post(collection + "/delete", "{'where':{'k':{'$ne':77}},'limit':2}")
                .is(200, "{'deleted':2}");
        assertIds("['c']", all(collection));
        client.post(collection + "/delete", "{'where':{'k':{'$ne':77}},'limit':0}")
                .is(200, "{'deleted':0}");
        assertIds("['c']", all(collection));
    }

    @Test
    void refusesADeleteOfNothingSaid() {
        String delete = client.collectionOfThree() + "/delete";
        client.post(delete, "{'ids':[]}").isInvalid("Either ids or where must be specified");
        client.post(delete, "{'ids':null,'where':null,'where_document':null}").is(200, "{'deleted':0}");
        client.post(delete, "{'where':{}}").isInvalid("Invalid where clause");
    }

    /** More than one batch of deletes, and a body large enough to be read on a worker. */
    @Test
    void deletesMoreThanOneBatch() {
        int count = WriteEndpoints.DELETED_A_BATCH * 2 + 5;
        String collection = client.collection();
        for (int from = 0; from < count; from += RequestLimits.DEFAULT.idsMax()) {
            addRange(collection, from, Math.min(count, from + RequestLimits.DEFAULT.idsMax()));
        }
        client.post(collection + "/delete", "{'where':{'k':{'$ne':1}}}").is(200, "{'deleted':" + count + "}");
        assertEquals("0", client.get(collection + "/count").body());
    }

    private void addRange(String collection, int from, int to) {
        String ids = IntStream.range(from, to).mapToObj(i -> "\"r" + i + "\"").collect(Collectors.joining(","));
        String embeddings =
                IntStream.range(from, to).mapToObj(i -> "[" + i + "]").collect(Collectors.joining(","));
        client.post(collection + "/add", "{'ids':[" + ids + "],'embeddings':[" + embeddings + "]}")
                .is(201, "{}");
    }
}
