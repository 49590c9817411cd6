package io.quiver.gateway.http;

import static io.quiver.gateway.http.TestClient.D;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.gateway.http.TestClient.Reply;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Questions and answers recorded from Chroma's own server, letter by letter; deviations are on purpose and say why. */
class FixturesContractTest {
    private static final String IP = "Validation error: name: Expected a name that is not a valid ip address. Got ";
    private static final String NAME =
            "Validation error: name: Expected a name containing 3-512 characters from [a-zA-Z0-9._-], starting and"
                    + " ending with a character in [a-zA-Z0-9]. Got: ";
    private static final String NO_LIMIT =
            "Validation error: limit, where: limit can only be specified when a where clause is provided";

    @TempDir
    static Path directory;

    private static TestServer server;
    private static TestClient client;

    @BeforeAll
    static void start() {
        server = TestServer.start(directory);
        client = server.client();
    }

    @AfterAll
    static void stop() {
        client.close();
        server.close();
    }

    @Test
    void f1Heartbeat() {
        Reply reply = client.get("/api/v2/heartbeat");
        assertEquals(200, reply.status());
        long nanos = reply.json().get("nanosecond heartbeat").longValue();
        assertTrue(nanos > 1_700_000_000_000_000_000L, reply.body());
    }

    /** Clients refuse to send more than this at once, so it is as large as a write may be. */
    @Test
    void f2PreFlightChecksWithALargerBatch() {
        client.get("/api/v2/pre-flight-checks").is(200, "{'max_batch_size':10000,'supports_base64_encoding':true}");
    }

    @Test
    void f3Identity() {
        client.get("/api/v2/auth/identity")
                .is(200, "{'user_id':'','tenant':'default_tenant','databases':['default_database']}");
    }

    @Test
    void f4TenantWithAShortName() {
        client.post("/api/v2/tenants", "{'name':'ab'}")
                .isInvalid("Validation error: name: Validation error: length [{\"min\": Number(3), \"value\":"
                        + " String(\"ab\")}]");
    }

    @Test
    void f5UnknownTenant() {
        client.get("/api/v2/tenants/nope").isProblem(404, "NotFoundError", "Tenant [nope] not found");
    }

    @Test
    void f6CollectionWithAShortName() {
        client.post(D + "/collections", "{'name':'a'}").isInvalid(NAME + "a");
    }

    @Test
    void f7CollectionNamedLikeAnAddress() {
        client.post(D + "/collections", "{'name':'192.168.1.1'}").isInvalid(IP + "192.168.1.1");
    }

    @Test
    void f8CollectionCreatedTwice() {
        assertEquals(200, client.post(D + "/collections", "{'name':'col1'}").status());
        client.post(D + "/collections", "{'name':'col1'}")
                .isProblem(409, "ChromaError", "Collection [col1] already exists");
    }

    @Test
    void f9CollectionWithoutAName() {
        client.post(D + "/collections", "{}").isWrongShape("missing field `name` at line 1 column 2");
    }

    @Test
    void f10BrokenJson() {
        client.post(D + "/collections", "{bad")
                .isInvalid("Failed to parse the request body as JSON: key must be a string at line 1 column 2");
    }

    @Test
    void f11TextForJson() {
        client.send(
                        "POST",
                        D + "/collections",
                        BodyPublishers.ofString("{}"),
                        request -> request.setHeader("Content-Type", "text/plain"))
                .isProblem(415, "ChromaError", "Expected request with `Content-Type: application/json`");
    }

    @Test
    void f12IdInPlaceOfAName() {
        UUID id = UUID.randomUUID();
        client.get(D + "/collections/" + id).isProblem(404, "NotFoundError", "Collection [" + id + "] does not exist");
    }

    @Test
    void f13GetFromNothing() {
        client.post(client.collection() + "/get", "{}")
                .is(
                        200,
                        "{'ids':[],'embeddings':null,'documents':[],'uris':null,'metadatas':[],"
                                + "'include':['documents','metadatas']}");
    }

    @Test
    void f14QueryOfNothing() {
        client.post(client.collection() + "/query", "{'query_embeddings':[[1,2,3]]}")
                .is(
                        200,
                        "{'ids':[[]],'embeddings':null,'documents':[[]],'uris':null,'metadatas':[[]],"
                                + "'distances':[[]],'include':['documents','metadatas','distances']}");
    }

    @Test
    void f15AddAnswers201() {
        client.addThree(client.collection()).is(201, "{}");
    }

    @Test
    void f16GetEverything() {
        client.post(client.collectionOfThree() + "/get", "{}").is(200, """
                        {'ids':['a','b','c'],'embeddings':null,'documents':['hello world','foo bar',null],'uris':null,
                         'metadatas':[{'k':1,'s':'x','t':['p','q']},{'k':2.5,'s':'y','b':true},null],
                         'include':['documents','metadatas']}""");
    }

    @Test
    void f17GetByIdsInTheOrderOfInsertion() {
        String collection = client.collectionOfThree();
        Reply reply = client.post(collection + "/get", "{'ids':['c','a','missing','a']}");
        assertEquals(TestClient.parse("[\"a\",\"c\"]"), reply.json().get("ids"));
    }

    @Test
    void f18GetByMetadata() {
        String get = client.collectionOfThree() + "/get";
        assertIds("['b','c']", client.post(get, "{'where':{'k':{'$ne':1}}}"));
        assertIds("['a']", client.post(get, "{'where':{'t':{'$contains':'p'}}}"));
        client.post(get, "{'where':{'k':{'$in':[]}}}").isInvalid("Invalid where clause");
    }

    @Test
    void f19BrokenRegex() {
        client.post(client.collectionOfThree() + "/get", "{'where_document':{'$regex':'('}}")
                .isInvalid("Regex syntax errror: regex parse error:\n    (\n    ^\nerror: unclosed group");
    }

    @Test
    void f20Query() {
        Reply reply = client.post(client.collectionOfThree() + "/query", "{'query_embeddings':[[1,0,0]]}");
        assertEquals(TestClient.parse("[[\"a\",\"b\",\"c\"]]"), reply.json().get("ids"));
        assertTrue(reply.body().contains("\"distances\":[[0.0,2.0,2.0]]"), reply.body());
    }

    @Test
    void f21QueryOfAnotherDimension() {
        client.post(client.collectionOfThree() + "/query", "{'query_embeddings':[[1,0]]}")
                .isInvalid("Collection expecting embedding with dimension of 3, got 2");
    }

    /** The recorded answer was a fault: ids are a filter, and an unknown one matches nothing. */
    @Test
    void f22QueryOfAnUnknownIdFindsNothing() {
        Reply reply =
                client.post(client.collectionOfThree() + "/query", "{'query_embeddings':[[1,0,0]],'ids':['zzz']}");
        assertEquals(TestClient.parse("[[]]"), reply.json().get("ids"));
    }

    @Test
    void f23UpdateOfMetadata() {
        String collection = client.collectionOfThree();
        client.post(collection + "/update", "{'ids':['a'],'metadatas':[{'k':null,'n':7}]}")
                .is(200, "{}");
        Reply reply = client.post(collection + "/get", "{'ids':['a'],'include':['metadatas']}");
        assertEquals(
                TestClient.parse("[{\"s\":\"x\",\"t\":[\"p\",\"q\"],\"n\":7}]"),
                reply.json().get("metadatas"));
    }

    @Test
    void f24Delete() {
        String delete = client.collectionOfThree() + "/delete";
        client.post(delete, "{'ids':['zzz']}").is(200, "{'deleted':1}");
        client.post(delete, "{}").is(200, "{'deleted':0}");
        client.post(delete, "{'ids':['a'],'limit':1}").isInvalid(NO_LIMIT);
    }

    @Test
    void f25ChangeOfTheSpace() {
        String message = client.json(
                        "PUT", client.collection(), "{'new_configuration':{'hnsw':{'space':'cosine'}}}", _ -> {})
                .json()
                .get("message")
                .textValue();
        assertTrue(
                message.startsWith("Failed to deserialize the JSON body into the target type:"
                        + " new_configuration.hnsw.space: unknown field `space`, expected one of `ef_search`, "),
                message);
    }

    /** The recorded answer was 500: the method was not implemented. */
    @Test
    void f27IndexingStatus() {
        Reply reply = client.get(client.collectionOfThree() + "/indexing_status");
        assertEquals(200, reply.status(), reply.body());
        assertEquals(3, reply.json().get("total_ops").intValue());
    }

    /** There was no recorded answer: the connection was closed, since a thread of the server had died. */
    @Test
    void f28ArrayInMetadataOfACollection() {
        String name = "f28-" + UUID.randomUUID();
        Reply reply = client.post(D + "/collections", "{'name':'" + name + "','metadata':{'ia':[1,2]}}");
        assertEquals(200, reply.status(), reply.body());
        assertEquals(TestClient.parse("{\"ia\":[1,2]}"), reply.json().get("metadata"));
    }

    private static void assertIds(String expected, Reply reply) {
        assertEquals(200, reply.status(), reply.body());
        assertEquals(TestClient.parse(expected.replace('\'', '"')), reply.json().get("ids"));
    }
}
