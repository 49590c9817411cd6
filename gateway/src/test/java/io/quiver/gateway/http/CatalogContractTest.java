package io.quiver.gateway.http;

import static io.quiver.gateway.http.TestClient.D;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.quiver.gateway.http.TestClient.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sections 2 and 3 of the contract: the server itself, tenants, databases, collections. */
class CatalogContractTest extends ServerFixture {
    private static final String T = "/api/v2/tenants";

    private static String fresh() {
        return "n-" + UUID.randomUUID();
    }

    private String tenant() {
        String name = fresh();
        client.post(T, "{'name':'" + name + "'}").is(200, "{}");
        return name;
    }

    private String database() {
        String tenant = tenant();
        client.post(T + "/" + tenant + "/databases", "{'name':'db1'}").is(200, "{}");
        return T + "/" + tenant + "/databases/db1";
    }

    @Test
    void saysWhatItIs() {
        assertEquals("\"1.2.3\"", client.get("/api/v2/version").body());
        client.get("/api/v2/healthcheck").is(200, "{'is_executor_ready':true,'is_log_client_ready':true}");
        assertTrue(client.get("/api/v2").json().has("nanosecond heartbeat"));
        assertTrue(client.get("/api/v2/").json().has("nanosecond heartbeat"));
        assertEquals("3.1.0", client.get("/openapi.json").json().get("openapi").textValue());
        assertTrue(client.get("/docs").body().startsWith("<!doctype html>"));
    }

    @Test
    void createsAndGetsTenants() {
        String name = tenant();
        client.get(T + "/" + name).is(200, "{'name':'" + name + "','resource_name':null}");
        client.post(T, "{'name':'" + name + "'}").isProblem(409, "ChromaError", "Tenant [" + name + "] already exists");
        client.post(T, "{}").isWrongShape("missing field `name` at line 1 column 2");
        client.post(T, "{'name':7}")
                .isWrongShape("name: invalid type: integer `7`, expected a string at line 1 column 9");
    }

    @Test
    void keepsTenantsOfAnyName() {
        String name = "ä/ö ?%" + UUID.randomUUID();
        client.post(T, "{'name':'" + name + "'}").is(200, "{}");
        String encoded = java.net.URLEncoder.encode(name, java.nio.charset.StandardCharsets.UTF_8)
                .replace("+", "%20");
        assertEquals(name, client.get(T + "/" + encoded).json().get("name").textValue());
    }

    @Test
    void setsAResourceNameOnce() {
        String name = tenant();
        String resource = fresh();
        client.json("PATCH", T + "/" + name, "{'resource_name':'" + resource + "'}", _ -> {})
                .is(200, "{}");
        assertEquals(
                resource, client.get(T + "/" + name).json().get("resource_name").textValue());
        assertEquals(
                409,
                client.json("PATCH", T + "/" + name, "{'resource_name':'other'}", _ -> {})
                        .status());
    }

    @Test
    void aResourceNameIsOneTenantsAlone() {
        String resource = fresh();
        client.json("PATCH", T + "/" + tenant(), "{'resource_name':'" + resource + "'}", _ -> {})
                .is(200, "{}");
        String other = tenant();
        client.json("PATCH", T + "/" + other, "{'resource_name':'" + resource + "'}", _ -> {})
                .isProblem(409, "ChromaError", "Resource name [" + resource + "] is another tenant's already");
        client.get(T + "/" + other).is(200, "{'name':'" + other + "','resource_name':null}");
        for (String bad : new String[] {"", "a:b"}) {
            client.json("PATCH", T + "/" + other, "{'resource_name':'" + bad + "'}", _ -> {})
                    .isInvalid("Validation error: resource_name: Expected at least one character, and no ':'");
        }
    }

    @Test
    void createsListsAndDeletesDatabases() {
        String databases = T + "/" + tenant() + "/databases";
        for (String name : List.of("one", "two", "three")) {
            client.post(databases, "{'name':'" + name + "'}").is(200, "{}");
        }
        assertEquals(409, client.post(databases, "{'name':'two'}").status());
        assertEquals(List.of("one", "two", "three"), names(client.get(databases)));
        assertEquals(List.of("two"), names(client.get(databases + "?limit=1&offset=1")));
        client.delete(databases + "/two").is(200, "{}");
        assertEquals(List.of("one", "three"), names(client.get(databases)));
        assertEquals(404, client.get(databases + "/two").status());
        assertEquals(404, client.delete(databases + "/two").status());
        assertEquals(400, client.get(databases + "/x").status());
        client.get(T + "/nobody/databases").is(200, "[]");
    }

    @Test
    void saysWhichDatabaseNameIsBadWithoutAPrefix() {
        client.post(T + "/" + tenant() + "/databases", "{'name':'a b'}")
                .isInvalid("Expected a name containing 3-512 characters from [a-zA-Z0-9._-], starting and ending with a"
                        + " character in [a-zA-Z0-9]. Got: a b");
    }

    @Test
    void hasTheDefaultsFromTheStart() {
        client.get(D)
                .is(
                        200,
                        "{'id':'00000000-0000-0000-0000-000000000000','name':'default_database','tenant':'default_tenant'}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"limit=x", "offset=-1", "limit=4294967296", "limit=1.5", "limit=", "offset=%FF"})
    void refusesPagesThatAreNone(String query) {
        Reply reply = client.get(D + "/collections?" + query);
        assertEquals(400, reply.status());
        assertTrue(reply.json().get("message").textValue().startsWith("Failed to deserialize query string: "));
    }

    @Test
    void createsACollectionWithAllItsFields() {
        Reply reply = client.post(database() + "/collections", "{'name':'col'}");
        JsonNode collection = reply.json();
        assertEquals(200, reply.status(), reply.body());
        assertEquals(
                List.of(
                        "id",
                        "name",
                        "configuration_json",
                        "schema",
                        "metadata",
                        "dimension",
                        "tenant",
                        "database",
                        "log_position",
                        "version"),
                fieldNames(collection));
        assertEquals(
                TestClient.parse(
                        "{'hnsw':{'space':'l2','ef_construction':100,'ef_search':100,'max_neighbors':16,'resize_factor':1.2,'sync_threshold':1000},'spann':null,'embedding_function':null}"
                                .replace('\'', '"')),
                collection.get("configuration_json"));
        assertTrue(collection.get("metadata").isNull());
        assertTrue(collection.get("dimension").isNull());
        assertEquals(0, collection.get("version").intValue());
        assertTrue(collection.get("schema").has("defaults"));
    }

    @Test
    void fixesTheDimensionByTheFirstWrite() {
        String collection = client.collectionOfThree();
        String byId = collection.replace("/collections/", "/collections/by-id/");
        assertEquals(3, client.get(byId).json().get("dimension").intValue());
    }

    @Test
    void findsCollectionsByNameAndById() {
        String database = database();
        JsonNode created =
                client.post(database + "/collections", "{'name':'col'}").json();
        String id = created.get("id").textValue();
        assertEquals(created, client.get(database + "/collections/col").json());
        assertEquals(created, client.get(database + "/collections/by-id/" + id).json());
        client.get(database + "/collections/by-id/col").isInvalid("Collection ID is not a valid UUIDv4");
        UUID unknown = UUID.randomUUID();
        client.get(database + "/collections/by-id/" + unknown)
                .isProblem(404, "NotFoundError", "Collection [" + unknown + "] does not exist.");
        client.get(D + "/collections/by-id/" + id)
                .isProblem(404, "NotFoundError", "Collection [" + id + "] does not exist.");
    }

    @Test
    void findsACollectionByItsResourceName() {
        String tenant = tenant();
        String resource = fresh();
        client.json("PATCH", T + "/" + tenant, "{'resource_name':'" + resource + "'}", _ -> {});
        client.post(T + "/" + tenant + "/databases", "{'name':'db1'}");
        JsonNode created = client.post(T + "/" + tenant + "/databases/db1/collections", "{'name':'col'}")
                .json();
        assertEquals(
                created,
                client.get("/api/v2/collections/" + resource + ":db1:col").json());
        assertEquals(
                404,
                client.get("/api/v2/collections/" + resource + ":db1:other").status());
        assertEquals(400, client.get("/api/v2/collections/nothing").status());
    }

    @Test
    void listsAndCountsCollections() {
        String database = database();
        for (String name : List.of("one", "two", "three")) {
            client.post(database + "/collections", "{'name':'" + name + "'}");
        }
        assertEquals(List.of("one", "two", "three"), names(client.get(database + "/collections")));
        assertEquals(List.of("three"), names(client.get(database + "/collections?offset=2&limit=5")));
        assertEquals("3", client.get(database + "/collections_count").body());
        client.get(T + "/nobody/databases/nothing/collections").is(200, "[]");
        client.delete(database + "/collections/two").is(200, "{}");
        client.delete(database + "/collections/two").isProblem(404, "NotFoundError", "Collection [two] does not exist");
        assertEquals("2", client.get(database + "/collections_count").body());
    }

    @Test
    void getsOrCreates() {
        String collections = database() + "/collections";
        JsonNode created =
                client.post(collections, "{'name':'col','metadata':{'a':1}}").json();
        Reply again = client.post(
                collections,
                "{'name':'col','get_or_create':true,'metadata':{'b':2},'configuration':{'hnsw':{'space':'ip'}}}");
        assertEquals(200, again.status());
        assertEquals(created, again.json());
        client.post(collections, "{'name':'col','get_or_create':'yes'}")
                .isWrongShape("get_or_create: invalid type: string \"yes\", expected a boolean at line 1 column 35");
    }

    @Test
    void refusesACollectionInADatabaseThatIsNot() {
        client.post(T + "/default_tenant/databases/nothing/collections", "{'name':'col'}")
                .isInvalid("Database [nothing] does not exist");
    }

    @Test
    void choosesTheMetricByLegacyMetadataAndKeepsIt() {
        JsonNode created = client.post(
                        database() + "/collections", "{'name':'col','metadata':{'hnsw:space':'cosine','x':1.0}}")
                .json();
        assertEquals("cosine", created.at("/configuration_json/hnsw/space").textValue());
        assertEquals(
                "{\"hnsw:space\":\"cosine\",\"x\":1.0}", created.get("metadata").toString());
    }

    @Test
    void refusesMetadataOfACollectionThatCannotBeKept() {
        String collections = D + "/collections";
        client.post(collections, "{'name':'col','metadata':{}}")
                .isInvalid("Validation error: metadata: Metadata cannot be empty");
        assertEquals(
                422,
                client.post(collections, "{'name':'col','metadata':{'a':null}}").status());
        assertEquals(
                422,
                client.post(collections, "{'name':'col','metadata':{'a':{}}}").status());
        assertEquals(
                400,
                client.post(collections, "{'name':'col','metadata':{'#a':1}}").status());
        assertEquals(
                400,
                client.post(collections, "{'name':'col','metadata':{'hnsw:space':'x'}}")
                        .status());
    }

    /** The recorded server fell over this one. */
    @Test
    void keepsArraysInMetadataOfACollection() {
        assertField(
                "metadata",
                "{'ia':[1,2]}",
                client.post(D + "/collections", "{'name':'" + fresh() + "','metadata':{'ia':[1,2]}}"));
    }

    @Test
    void refusesConfigurationsOfAWrongShape() {
        assertEquals(422, create("'configuration':{'hnsw':{'space':'l3'}}").status());
        assertEquals(422, create("'configuration':{'hnsw':{'unknown':1}}").status());
        create("'configuration':{'hnsw':{},'spann':{}}").isInvalid("Multiple vector index configurations provided");
        create(
                        "'configuration':{'hnsw':{'space':'ip'}},'schema':{'defaults':{},'keys':{'k':{'string':{'string_inverted_index':{'enabled':false,'config':{}}}}}}")
                .isInvalid("Failed to reconcile schema: Cannot set both collection config and schema simultaneously");
    }

    private Reply create(String field) {
        return client.post(D + "/collections", "{'name':'" + fresh() + "'," + field + "}");
    }

    @Test
    void changesACollection() {
        String database = database();
        String collections = database + "/collections";
        String id = client.post(collections, "{'name':'col','metadata':{'a':1}}")
                .json()
                .get("id")
                .textValue();
        client.post(collections, "{'name':'taken'}");
        change(collections, id, "{'new_name':'renamed','new_metadata':{'b':2}}").is(200, "{}");
        JsonNode changed = client.get(collections + "/renamed").json();
        assertEquals(TestClient.parse("{\"b\":2}"), changed.get("metadata"));
        change(collections, id, "{}").is(200, "{}");
        change(collections, id, "{'new_configuration':{'hnsw':{'ef_search':77}}}")
                .is(200, "{}");
        assertEquals(
                77,
                client.get(collections + "/renamed")
                        .json()
                        .at("/configuration_json/hnsw/ef_search")
                        .intValue());
        assertEquals(409, change(collections, id, "{'new_name':'taken'}").status());
        assertEquals(400, change(collections, id, "{'new_name':'x'}").status());
        assertEquals(400, change(collections, id, "{'new_metadata':{}}").status());
        assertEquals(404, change(D + "/collections", id, "{}").status());
    }

    private Reply change(String collections, String id, String json) {
        return client.json("PUT", collections + "/" + id, json, _ -> {});
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST /functions/attach",
                "GET /functions/f",
                "POST /attached_functions/f/add_input",
                "POST /attached_functions/f/detach"
            })
    void saysWhatItDoesNotServe(String route) {
        int space = route.indexOf(' ');
        Reply reply =
                client.json(route.substring(0, space), client.collection() + route.substring(space + 1), "{}", _ -> {});
        assertEquals(501, reply.status());
        assertEquals("ChromaError", reply.json().get("error").textValue());
    }

    private static List<String> names(Reply reply) {
        assertEquals(200, reply.status(), reply.body());
        List<String> names = new ArrayList<>();
        reply.json().forEach(entry -> names.add(entry.get("name").textValue()));
        return names;
    }

    private static List<String> fieldNames(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
