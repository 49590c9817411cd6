package io.quiver.gateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.gateway.http.TestClient.Reply;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Quotas, set and met from outside. */
class QuotaContractTest {
    private static final String QUOTAS = "/api/v2/admin/quotas/default_tenant";
    private static final String TENANT = "/api/v2/tenants/default_tenant";
    private static final String DATABASE = TENANT + "/databases/default_database";

    @TempDir
    Path directory;

    private TestServer server;
    private TestClient client;

    @BeforeEach
    void start() {
        server = TestServer.start(directory);
        client = server.client();
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    private Reply set(String scope, String quota) {
        return client.json("PUT", QUOTAS + scope, quota, _ -> {}).is(200, "{}");
    }

    private static String scopeOf(String collection) {
        return "/default_database/" + collection.substring(collection.lastIndexOf('/') + 1);
    }

    private Reply add(String collection, String... ids) {
        return client.post(collection + "/upsert", records(ids));
    }

    private static String records(String... ids) {
        String names = "'" + String.join("','", ids) + "'";
        String embedding = "[1,2,3]" + ",[1,2,3]".repeat(ids.length - 1);
        return "{'ids':[%s],'embeddings':[%s]}".formatted(names, embedding);
    }

    private static void isExceeded(Reply reply, String what, String action, int usage, int limit) {
        reply.isProblem(
                422,
                "ChromaError",
                "Quota exceeded: '%s' exceeded quota limit for action '%s': current usage of %d exceeds limit of %d"
                        .formatted(what, action, usage, limit));
    }

    @Test
    void takesAsManyRecordsAsMayExistAndThenOnlyThoseThatDo() {
        String collection = client.collection();
        set(scopeOf(collection), "{'records':3}");
        assertEquals(200, add(collection, "a", "b", "c").status());
        isExceeded(add(collection, "d"), "Number of records", "Add", 4, 3);
        assertEquals(200, add(collection, "a", "b").status());
        isExceeded(add(collection, "a", "d"), "Number of records", "Add", 4, 3);
        assertEquals(200, client.post(collection + "/delete", "{'ids':['a']}").status());
        assertEquals(200, add(collection, "d").status());
        assertEquals("3", client.get(collection + "/count").body());
    }

    @Test
    void countsWhatAllCollectionsOfADatabaseAndATenantHold() {
        String first = client.collection();
        String second = client.collection();
        set("/default_database", "{'records':3}");
        assertEquals(200, add(first, "a", "b").status());
        isExceeded(add(second, "a", "b"), "Number of records", "Add", 4, 3);
        set("/default_database", "{'records':null}");
        set("", "{'records':2}");
        isExceeded(add(second, "a"), "Number of records", "Add", 3, 2);
    }

    /** Sixteen callers, each sending records of its own one by one, until no more are taken. */
    @Test
    void isNotExceededByWritersThatRace() throws InterruptedException {
        String collection = client.collection();
        set(scopeOf(collection), "{'records':200}");
        AtomicInteger taken = new AtomicInteger();
        List<Thread> writers = new ArrayList<>();
        for (int writer = 0; writer < 16; writer++) {
            String name = "w" + writer + "-";
            writers.add(Thread.ofVirtual().start(() -> {
                for (int i = 0; i < 20; i++) {
                    taken.addAndGet(add(collection, name + i).status() == 200 ? 1 : 0);
                }
            }));
        }
        for (Thread writer : writers) {
            writer.join();
        }
        assertEquals(
                Integer.toString(taken.get()), client.get(collection + "/count").body());
        assertTrue(taken.get() <= 200, taken + " records");
        for (int i = taken.get(); i < 200; i++) {
            assertEquals(200, add(collection, "last-" + i).status());
        }
        isExceeded(add(collection, "one-more"), "Number of records", "Add", 201, 200);
    }

    @Test
    void boundsBytesCollectionsDimensionsAndResults() {
        String collection = client.collection();
        set(scopeOf(collection), "{'bytes':10}");
        assertEquals(422, add(collection, "a").status());
        set(scopeOf(collection), "{'dimension':2}");
        isExceeded(add(collection, "a"), "Embedding dimension", "Add", 3, 2);
        set(scopeOf(collection), "{'k':5}");
        assertEquals(200, add(collection, "a").status());
        Reply six = client.post(collection + "/query", "{'query_embeddings':[[1,2,3]],'n_results':6}");
        isExceeded(six, "Number of results", "Query", 6, 5);
        Reply five = client.post(collection + "/query", "{'query_embeddings':[[1,2,3]],'n_results':5}");
        assertEquals(200, five.status());
        set("", "{'collections':1}");
        Reply another = client.post(DATABASE + "/collections", "{'name':'another'}");
        isExceeded(another, "Number of collections", "Create collection", 2, 1);
    }

    @Test
    void showsWhatIsUsedAndWhatMayBe() {
        String collection = client.collectionOfThree();
        set(scopeOf(collection), "{'records':10,'k':7}");
        Reply usage = client.get(collection + "/usage");
        assertEquals(3, usage.json().at("/records/used").longValue());
        assertEquals(10, usage.json().at("/records/limit").longValue());
        assertEquals(7, usage.json().at("/k/limit").longValue());
        assertTrue(usage.json().at("/bytes/limit").isNull());
        assertTrue(usage.json().at("/bytes/used").longValue() > 3 * 3 * Float.BYTES);
        assertEquals(
                1,
                client.get(DATABASE + "/usage").json().at("/collections/used").intValue());
        assertEquals(3, client.get(TENANT + "/usage").json().at("/records/used").longValue());
        assertEquals(404, client.get("/api/v2/tenants/nobody/usage").status());
    }

    @Test
    void staysAfterARestartAndGoesWithItsCollection() {
        String collection = client.collection();
        set(scopeOf(collection), "{'records':1}");
        stop();
        start();
        isExceeded(add(collection, "a", "b"), "Number of records", "Add", 2, 1);
        assertEquals(
                404,
                client.json("PUT", "/api/v2/admin/quotas/nobody", "{}", _ -> {}).status());
        assertEquals(
                400,
                client.json("PUT", QUOTAS + "/default_database/x", "{}", _ -> {})
                        .status());
    }
}
