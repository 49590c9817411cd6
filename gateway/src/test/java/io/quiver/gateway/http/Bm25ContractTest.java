package io.quiver.gateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.quiver.gateway.http.TestClient.Reply;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts that the server makes sparse vectors of. */
class Bm25ContractTest extends ServerFixture {
    /** Of "hello" alone: 2.2 / (1 + 1.2 * (0.25 + 0.75 / 256)), under the absolute value of its hash. */
    private static final String HELLO =
            "{'#type':'sparse_vector','indices':[613153351],'values':[1.6877434]}".replace('\'', '"');

    private String collection(String source) {
        return collection(source, "");
    }

    private Reply create(String source, String more) {
        return client.post(TestClient.D + "/collections", """
                {'name':'%s','schema':{'defaults':{},'keys':{'bm25':{'sparse_vector':{'sparse_vector_index':
                 {'enabled':true,'config':{'source_key':'%s','bm25':true%s}}}}}}}""".formatted("bm25-" + System.nanoTime(), source, more));
    }

    private String collection(String source, String more) {
        Reply created = create(source, more);
        assertEquals(200, created.status(), created.body());
        return TestClient.D + "/collections/" + created.json().get("id").textValue();
    }

    private String harbour() {
        String collection = collection("#document");
        client.post(
                        collection + "/add",
                        "{'ids':['a','b','c','d'],'embeddings':[[1],[2],[3],[4]],'documents':"
                                + "['Ships wait in the harbour','A lighthouse guides ships, and ships follow','東京都の港',null]}")
                .is(201, "{}");
        return collection;
    }

    private Reply search(String collection, String words) {
        return client.post(
                collection + "/search",
                "{'searches':[{'rank':{'$knn':{'query':'%s','key':'bm25'}},'select':{'keys':['#score']}}]}"
                        .formatted(words));
    }

    private JsonNode vector(String collection, String id) {
        Reply found = client.post(collection + "/get", "{'ids':['" + id + "'],'include':['metadatas']}");
        return found.json().at("/metadatas/0/bm25");
    }

    @Test
    void documentsAreFoundByTheirWords() {
        String collection = harbour();
        assertIds("[['b','a']]", search(collection, "a ship"));
        assertIds("[['a']]", search(collection, "Harbours?"));
        assertIds("[['c']]", search(collection, "東京"));
        assertIds("[[]]", search(collection, "nothing of the kind"));
        assertIds("[[]]", search(collection, "the"));
    }

    @Test
    void updatesRenewTheVectorAndDeletesEndIt() {
        String collection = harbour();
        client.post(collection + "/update", "{'ids':['b'],'documents':['No boat at all']}")
                .is(200, "{}");
        assertIds("[['a']]", search(collection, "ships"));
        assertIds("[['b']]", search(collection, "boats"));
        client.post(collection + "/upsert", "{'ids':['d'],'embeddings':[[4]],'documents':['ships ships ships']}")
                .is(200, "{}");
        assertIds("[['d','a']]", search(collection, "ships"));
        client.post(collection + "/update", "{'ids':['a'],'metadatas':[{'n':1}]}")
                .is(200, "{}");
        assertIds("[['d','a']]", search(collection, "ships"));
        client.post(collection + "/delete", "{'ids':['d']}").is(200, "{'deleted':1}");
        assertIds("[['a']]", search(collection, "ships"));
    }

    private static String function(String config) {
        return ",'embedding_function':{'type':'known','name':'chroma_bm25','config':{%s}}".formatted(config);
    }

    @Test
    void theParametersOfTheSchemaHoldForRecordsAndForQueries() {
        String collection = collection(
                "#document", function("'k':0,'b':0,'avg_doc_length':10,'token_max_length':6,'stopwords':['Ships']"));
        client.post(
                        collection + "/add",
                        "{'ids':['a','b'],'embeddings':[[1],[2]],'documents':['the hello hello','ships lighthouse']}")
                .is(201, "{}");
        assertEquals(1, vector(collection, "a").at("/values/0").doubleValue());
        assertEquals(2, vector(collection, "a").at("/indices").size());
        assertEquals(0, vector(collection, "b").at("/indices").size());
        assertIds("[['a']]", search(collection, "the"));
        assertIds("[[]]", search(collection, "ships"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'k':-1",
                "'b':1.5",
                "'avg_doc_length':0",
                "'token_max_length':0",
                "'token_max_length':100000",
                "'stopwords':'the'"
            })
    void parametersThatCannotWeighAreRefused(String config) {
        Reply refused = create("#document", function(config));
        assertEquals(400, refused.status(), refused.body());
        assertTrue(refused.body().contains("embedding_function.config"), refused.body());
    }

    @Test
    void theVectorIsThatOfChromasFunctionAndAGivenOneStays() {
        String collection = collection("#document");
        client.post(
                        collection + "/add",
                        "{'ids':['a','b','c'],'embeddings':[[1],[2],[3]],'documents':['Hello','Hello','Hello'],'metadatas':"
                                + "[null,{'bm25':{'indices':[7],'values':[1]}},{'n':1}]}")
                .is(201, "{}");
        assertEquals(TestClient.parse(HELLO), vector(collection, "a"));
        assertEquals("[7]", vector(collection, "b").get("indices").toString());
        assertEquals(TestClient.parse(HELLO), vector(collection, "c"));
        client.post(collection + "/update", "{'ids':['a'],'documents':['Hello again'],'metadatas':[{'bm25':null}]}");
        assertTrue(vector(collection, "a").isMissingNode());
    }

    @Test
    void theTextMayBeInTheMetadata() {
        String collection = collection("title");
        client.post(
                        collection + "/add",
                        "{'ids':['a','b'],'embeddings':[[1],[2]],'documents':['hello','hello'],'metadatas':[{'title':'hello'},{'title':7}]}")
                .is(201, "{}");
        assertEquals(TestClient.parse(HELLO), vector(collection, "a"));
        assertTrue(vector(collection, "b").isMissingNode());
        client.post(collection + "/update", "{'ids':['b'],'metadatas':[{'title':'hello'}]}");
        assertIds("[['a','b']]", search(collection, "hello"));
        client.post(collection + "/update", "{'ids':['a','b'],'metadatas':[{'title':null},{'title':1}]}");
        assertIds("[[]]", search(collection, "hello"));
        assertTrue(vector(collection, "a").isMissingNode());
    }

    @Test
    void wordsAreRefusedWhereThereIsNoBm25AndWhereTheyAreTooMany() {
        search(client.collection(), "hello")
                .isInvalid(
                        "Validation error: A text query needs a key with a sparse vector index by bm25, got key bm25");
        search(harbour(), "x".repeat(4_097))
                .isInvalid("Validation error: searches[0].rank.$knn.query: Expected at most 4096 characters, got 4097");
    }

    @Test
    void aDocumentOfTooManyTermsIsRefused() {
        // Of these numbers two share the hash of another.
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 70_000; i++) {
            text.append(i).append(' ');
        }
        client.post(collection("#document") + "/add", "{'ids':['a'],'embeddings':[[1]],'documents':['" + text + "']}")
                .isInvalid("a text of 69998 different terms is more than the limit of 65536 for BM25");
    }
}
