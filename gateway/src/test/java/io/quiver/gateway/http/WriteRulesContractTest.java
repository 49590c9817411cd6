package io.quiver.gateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quiver.gateway.http.TestClient.Reply;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Section 4 of the contract: the rules of writing that are easily got wrong, each by itself. */
class WriteRulesContractTest extends ServerFixture {
    private static final String LENGTHS = "Inconsistent number of IDs, embeddings, documents, URIs and metadatas";
    private static final String EMPTY_ID = "Empty ID, ID must have at least one character";

    private static String base64(float... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return Base64.getEncoder().encodeToString(bytes.array());
    }

    private Reply a(String collection) {
        return client.post(
                collection + "/get", "{'ids':['a'],'include':['documents','embeddings','metadatas','uris']}");
    }

    private void update(String collection, String fields) {
        client.post(collection + "/update", "{'ids':['a']," + fields + "}").is(200, "{}");
    }

    // ---- embeddings ----

    @ParameterizedTest
    @ValueSource(strings = {"add", "update", "upsert"})
    void everyWriteTakesBase64(String operation) {
        String collection = client.collectionOfThree();
        String id = operation.equals("add") ? "new" : "a";
        Reply reply = client.post(
                collection + "/" + operation, "{'ids':['" + id + "'],'embeddings':['" + base64(4, 5, 6) + "']}");
        assertEquals(operation.equals("add") ? 201 : 200, reply.status(), reply.body());
        assertField(
                "embeddings",
                "[[4.0,5.0,6.0]]",
                client.post(collection + "/get", "{'ids':['" + id + "'],'include':['embeddings']}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"add", "update", "upsert"})
    void embeddingsAreAllOfOneForm(String operation) {
        String collection = client.collectionOfThree();
        String mixed = "{'ids':['x','y'],'embeddings':['" + base64(1, 2, 3) + "',[1,2,3]]}";
        assertEquals(422, client.post(collection + "/" + operation, mixed).status());
        assertEquals("3", client.get(collection + "/count").body());
    }

    @ParameterizedTest
    @ValueSource(strings = {"add", "update", "upsert"})
    void anEmbeddingIsFiniteAndNotEmpty(String operation) {
        String path = client.collectionOfThree() + "/" + operation;
        for (String embedding : new String[] {
            "'" + base64(1, 2, Float.NaN) + "'",
            "'" + base64(1, 2, Float.POSITIVE_INFINITY) + "'",
            "''",
            "'AAAA'",
            "'-_-_'",
            "[]",
            "[1e39,1,2]",
            "[NaN,1,2]"
        }) {
            Reply reply = client.post(path, "{'ids':['a'],'embeddings':[" + embedding + "]}");
            assertEquals(400, reply.status(), embedding + " " + reply.body());
            assertEquals("InvalidArgumentError", reply.json().get("error").textValue());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "'embeddings':null,", "'embeddings':[null],"})
    void onlyAnUpdateMayBeWithoutEmbeddings(String embeddings) {
        String collection = client.collectionOfThree();
        String body = "{" + embeddings + "'ids':['a'],'documents':['changed']}";
        assertEquals(422, client.post(collection + "/add", body).status());
        assertEquals(422, client.post(collection + "/upsert", body).status());
        client.post(collection + "/update", body).is(200, "{}");
        assertField("embeddings", "[[1.0,0.0,0.0]]", a(collection));
        assertField("documents", "['changed']", a(collection));
    }

    @Test
    void anUpdateMayHaveEmbeddingsForSomeOfItsRecords() {
        String collection = client.collectionOfThree();
        client.post(collection + "/update", "{'ids':['a','b'],'embeddings':[null,[7,7,7]]}")
                .is(200, "{}");
        assertField(
                "embeddings",
                "[[1.0,0.0,0.0],[7.0,7.0,7.0],[0.0,0.0,1.0]]",
                client.post(collection + "/get", "{'include':['embeddings']}"));
    }

    // ---- ids ----

    @ParameterizedTest
    @ValueSource(strings = {"add", "update", "upsert", "delete"})
    void anIdIsNotEmpty(String operation) {
        client.post(client.collectionOfThree() + "/" + operation, "{'ids':['a',''],'embeddings':[[1,2,3],[1,2,3]]}")
                .isInvalid(EMPTY_ID);
    }

    @Test
    void noIdsAreNoWrite() {
        String collection = client.collectionOfThree();
        client.post(collection + "/add", "{'ids':[],'embeddings':[]}").is(201, "{}");
        client.post(collection + "/upsert", "{'ids':[],'embeddings':[]}").is(200, "{}");
        client.post(collection + "/update", "{'ids':[]}").is(200, "{}");
        assertEquals("3", client.get(collection + "/count").body());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'embeddings':[]",
                "'embeddings':[[1,2,3],[1,2,3]]",
                "'embeddings':[[1,2,3]],'documents':[]",
                "'embeddings':[[1,2,3]],'metadatas':[null,null]",
                "'embeddings':[[1,2,3]],'uris':['u','v']"
            })
    void everyColumnIsAsLongAsTheIds(String columns) {
        String body = "{'ids':['a']," + columns + "}";
        String collection = client.collectionOfThree();
        for (String operation : new String[] {"add", "update", "upsert"}) {
            client.post(collection + "/" + operation, body).isInvalid(LENGTHS);
        }
    }

    @Test
    void anAddOfWhatIsThereChangesNothing() {
        String collection = client.collectionOfThree();
        String before = a(collection).body();
        client.post(
                        collection + "/add",
                        "{'ids':['a'],'embeddings':[[9,9,9]],'documents':['other'],'metadatas':[{'z':1}],'uris':['u9']}")
                .is(201, "{}");
        assertEquals(before, a(collection).body());
    }

    @Test
    void duplicatesOfAnUpsertAreAppliedInTheirOrder() {
        String collection = client.collection();
        client.post(
                        collection + "/upsert",
                        "{'ids':['a','a'],'embeddings':[[1],[2]],'documents':['one',null],'metadatas':[{'x':1,'y':1},{'y':2}]}")
                .is(200, "{}");
        assertField("embeddings", "[[2.0]]", a(collection));
        assertField("documents", "['one']", a(collection));
        assertField("metadatas", "[{'x':1,'y':2}]", a(collection));
    }

    // ---- merging ----

    @Test
    void anUpdateLeavesWhatItDoesNotName() {
        String collection = client.collectionOfThree();
        String before = a(collection).body();
        update(collection, "'documents':[null],'uris':[null],'metadatas':[null],'embeddings':[null]");
        update(collection, "'metadatas':[{}]");
        update(collection, "'metadatas':[{'absent':null}]");
        assertEquals(before, a(collection).body());
    }

    @Test
    void anUpdateReplacesDocumentAndUri() {
        String collection = client.collectionOfThree();
        update(collection, "'documents':[''],'uris':['u2']");
        assertField("documents", "['']", a(collection));
        assertField("uris", "['u2']", a(collection));
    }

    @Test
    void metadataWithoutAKeyLeftAreNull() {
        String collection = client.collectionOfThree();
        update(collection, "'metadatas':[{'k':null,'s':null,'t':null}]");
        assertField("metadatas", "[null]", a(collection));
    }

    @Test
    void anUpsertDeletesKeysByNullAlsoWhereItInserts() {
        String collection = client.collectionOfThree();
        client.post(
                        collection + "/upsert",
                        "{'ids':['a','new'],'embeddings':[[1,1,1],[1,1,1]],'metadatas':[{'k':null},{'k':null,'n':1}]}")
                .is(200, "{}");
        assertField("metadatas", "[{'s':'x','t':['p','q']}]", a(collection));
        assertField("metadatas", "[{'n':1}]", client.post(collection + "/get", "{'ids':['new']}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'k':{'a':1}}|422",
                "{'k':[1,'x']}|422",
                "{'k':[1,2.5]}|422",
                "{'k':[true,1]}|422",
                "{'k':[null]}|422",
                "{'k':[[1]]}|422",
                "{'k':9223372036854775808}|422",
                "{'#k':1}|400",
                "{'$k':1}|400",
                "{'':1}|400"
            })
    void metadataThatCannotBeKeptAreRefusedByEveryWrite(String metadata, int status) {
        String collection = client.collectionOfThree();
        String body = "{'ids':['a'],'embeddings':[[1,2,3]],'metadatas':[" + metadata + "]}";
        for (String operation : new String[] {"add", "update", "upsert"}) {
            Reply reply = client.post(collection + "/" + operation, body);
            assertEquals(status, reply.status(), operation + " " + reply.body());
            if (status == 400) {
                reply.isInvalid("Invalid metadata at index 0");
            }
        }
    }

    // ---- delete ----

    @Test
    void aDeleteByIdsCountsTheIdsThatItWasGiven() {
        String collection = client.collectionOfThree();
        client.post(collection + "/delete", "{'ids':['a','zzz','a']}").is(200, "{'deleted':3}");
        assertEquals("2", client.get(collection + "/count").body());
        client.post(collection + "/delete", "{'ids':['b','zzz'],'where':{'k':77}}")
                .is(200, "{'deleted':0}");
        client.post(collection + "/delete", "{'ids':[],'where':{'k':2.5}}").is(200, "{'deleted':0}");
        assertEquals("2", client.get(collection + "/count").body());
    }

    @Test
    void aLimitOfADeleteNeedsAFilter() {
        String delete = client.collectionOfThree() + "/delete";
        String problem = "Validation error: limit, where: limit can only be specified when a where clause is provided";
        client.post(delete, "{'limit':1}").isInvalid(problem);
        client.post(delete, "{'ids':['a'],'limit':1}").isInvalid(problem);
        client.post(delete, "{'where_document':{'$contains':'o'},'limit':1}").is(200, "{'deleted':1}");
        client.post(delete, "{'ids':['b','c'],'where':{'k':2.5},'limit':1}").is(200, "{'deleted':1}");
    }

    @Test
    void everyReadSeesTheWriteBeforeIt() {
        String collection = client.collection();
        for (int i = 0; i < 20; i++) {
            client.post(collection + "/add", "{'ids':['" + i + "'],'embeddings':[[" + i + "]]}")
                    .is(201, "{}");
            assertEquals(
                    String.valueOf(i + 1), client.get(collection + "/count").body());
            assertIds(
                    "[['" + i + "']]",
                    client.post(collection + "/query", "{'query_embeddings':[[" + i + "]],'n_results':1}"));
        }
    }
}
