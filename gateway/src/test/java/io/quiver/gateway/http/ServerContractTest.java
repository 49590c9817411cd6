package io.quiver.gateway.http;

import static io.quiver.gateway.http.TestClient.D;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Section 2 of the contract: the server as a whole, and what all routes of a collection have in common. */
class ServerContractTest extends ServerFixture {
    private static final String DEFAULT_DATABASE =
            "{'id':'00000000-0000-0000-0000-000000000000','name':'default_database','tenant':'default_tenant'}";
    private static final String ANY_BODY = "{'ids':['a'],'embeddings':[[1]],'query_embeddings':[[1]],'searches':[],"
            + "'new_name':'another','operations':[]}";

    @Test
    void resetDeletesEverythingAndLeavesTheDefaults(@TempDir Path directory) {
        try (TestServer open = TestServer.start(directory);
                TestClient caller = open.client()) {
            caller.post("/api/v2/tenants", "{'name':'acme'}").is(200, "{}");
            String collection = caller.collectionOfThree();
            caller.send("POST", "/api/v2/reset", BodyPublishers.noBody(), _ -> {})
                    .is(200, "true");
            assertEquals(404, caller.get("/api/v2/tenants/acme").status());
            assertEquals(404, caller.get(collection + "/count").status());
            caller.get(D + "/collections").is(200, "[]");
            caller.get("/api/v2/tenants/default_tenant").is(200, "{'name':'default_tenant','resource_name':null}");
            caller.get(D).is(200, DEFAULT_DATABASE);
            assertEquals("3", caller.get(caller.collectionOfThree() + "/count").body());
        }
    }

    @Test
    void resetIsRefusedUnlessItIsAllowed(@TempDir Path directory) {
        try (TestServer closed = TestServer.start(directory, TestServer.Options.DEFAULT.with(ApiSettings.of("1.2.3")));
                TestClient caller = closed.client()) {
            String collection = caller.collectionOfThree();
            caller.send("POST", "/api/v2/reset", BodyPublishers.noBody(), _ -> {})
                    .isProblem(403, "ChromaError", "Reset is disabled by config");
            assertEquals("3", caller.get(collection + "/count").body());
        }
    }

    @Test
    void theHealthcheckSaysWhenItIsNotReady() {
        server.isReady(false);
        client.get("/api/v2/healthcheck").is(503, "{'is_executor_ready':false,'is_log_client_ready':false}");
        server.isReady(true);
        client.get("/api/v2/healthcheck").is(200, "{'is_executor_ready':true,'is_log_client_ready':true}");
    }

    @Test
    void aVersionIsThreeNumbers() {
        for (String version : new String[] {"1", "1.2", "1.2.3-SNAPSHOT", "v1.2.3", ""}) {
            assertThrows(IllegalArgumentException.class, () -> ApiSettings.of(version));
        }
    }

    @Test
    void aDatabaseThatIsNotThereHasNoCollections() {
        String nowhere = "/api/v2/tenants/nobody/databases/nothing";
        client.get(nowhere + "/collections").is(200, "[]");
        client.get(nowhere + "/collections_count").is(200, "0");
        client.get(nowhere).isProblem(404, "NotFoundError", "Database [nothing] not found. Are you sure it exists?");
        client.delete(nowhere).isProblem(404, "NotFoundError", "Database [nothing] not found. Are you sure it exists?");
        client.get(nowhere + "/collections/col").isProblem(404, "NotFoundError", "Collection [col] does not exist");
        client.post("/api/v2/tenants/nobody/databases", "{'name':'db1'}")
                .isProblem(404, "NotFoundError", "Tenant [nobody] not found");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST add",
                "POST update",
                "POST upsert",
                "POST delete",
                "POST get",
                "POST query",
                "POST search",
                "GET count",
                "GET indexing_status",
                "POST fork",
                "GET fork_count",
                "POST conditional/get",
                "POST conditional/commit"
            })
    void everyRouteOfACollectionSaysThatItIsNotThere(String route) {
        String method = route.substring(0, route.indexOf(' '));
        String path = "/" + route.substring(route.indexOf(' ') + 1);
        client.json(method, D + "/collections/col" + path, ANY_BODY, _ -> {})
                .isInvalid("Collection ID is not a valid UUIDv4");
        UUID unknown = UUID.randomUUID();
        client.json(method, D + "/collections/" + unknown + path, ANY_BODY, _ -> {})
                .isProblem(404, "NotFoundError", "Collection [" + unknown + "] does not exist.");
        String collection = client.collection();
        for (String foreign : new String[] {
            collection.replace("/tenants/default_tenant/", "/tenants/another/"),
            collection.replace("/databases/default_database/", "/databases/another/")
        }) {
            client.json(method, foreign + path, ANY_BODY, _ -> {})
                    .isProblem(404, "NotFoundError", "Collection [" + id(collection) + "] does not exist.");
        }
    }

    @Test
    void aCollectionIsChangedByItsIdAndGotAndDeletedByItsName() {
        String collection = client.collection();
        client.json("PUT", D + "/collections/col", "{}", _ -> {}).isInvalid("Collection ID is not a valid UUIDv4");
        client.get(collection).isProblem(404, "NotFoundError", "Collection [" + id(collection) + "] does not exist");
        client.delete(collection).isProblem(404, "NotFoundError", "Collection [" + id(collection) + "] does not exist");
        assertEquals("0", client.get(collection + "/count").body());
    }

    private static String id(String collection) {
        return collection.substring(collection.lastIndexOf('/') + 1);
    }

    @Test
    void whatIsLeftToTheCloudSaysSo() {
        String collection = client.collection();
        for (String path : new String[] {"/functions/attach", "/attached_functions/f/detach"}) {
            client.post(collection + path, "{'name':'f','delete_output':true}")
                    .isProblem(501, "ChromaError", "Attaching functions is not supported by this server");
        }
        client.post(
                        D + "/collections",
                        "{'name':'sealed','schema':{'defaults':{},'keys':{},'cmek':{'gcp':'projects/p/cryptoKeys/k'}}}")
                .isProblem(501, "ChromaError", "Customer-managed encryption keys (cmek) are not supported");
        client.post(D + "/collections", "{'name':'west+docs'}")
                .isProblem(501, "ChromaError", "Topology names are not supported: '+' in west+docs");
    }
}
