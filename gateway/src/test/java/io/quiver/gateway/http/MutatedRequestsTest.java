package io.quiver.gateway.http;

import static io.quiver.gateway.http.TestClient.D;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.gateway.http.TestClient.Reply;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Requests that are wrong in every way that came to mind: each is refused with the contract's JSON, none fails, hangs
 * or harms the collection.
 */
class MutatedRequestsTest extends ServerFixture {
    private static final int MUTATIONS = 1_000;

    private static final List<String> OPERATIONS =
            List.of("add", "upsert", "update", "delete", "get", "query", "search");

    /** In place of a value: none of them is right anywhere. */
    private static final List<String> WRONG_VALUES = List.of(
            "NaN",
            "Infinity",
            "-",
            "1e999",
            "01",
            "'a'",
            "nul",
            "tru",
            "{",
            "[",
            "]",
            "\"",
            "\"\\x\"",
            "\"\\ud800\"",
            "{\"$foo\":1}",
            "[[[[]]]]",
            "-1.5",
            "1e-5x",
            "\u0000",
            "[1,]",
            "{\"a\":1,}",
            "{\"a\":{\"b\":{}}}",
            ",");

    private static final List<String> BODIES = List.of(
            "{\"ids\":[\"x\"],\"embeddings\":[[1,2,3]],\"documents\":[\"d\"],\"metadatas\":[{\"k\":1}],\"uris\":[\"u\"]}",
            "{\"query_embeddings\":[[1,2,3]],\"n_results\":3,\"where\":{\"k\":1},\"include\":[\"documents\"]}",
            "{\"ids\":[\"x\"],\"where\":{\"$and\":[{\"k\":{\"$gt\":1}},{\"s\":\"x\"}]},\"where_document\":{\"$contains\":\"d\"}}",
            "{\"searches\":[{\"filter\":{\"k\":1},\"rank\":{\"$sum\":[{\"$knn\":{\"query\":[1,2,3],\"limit\":3}},{\"$val\":1}]},"
                    + "\"group_by\":{\"keys\":[\"k\"],\"aggregate\":{\"$min_k\":{\"keys\":[\"#score\"],\"k\":1}}},"
                    + "\"select\":{\"keys\":[\"#score\"]}}],\"read_level\":\"index_and_wal\"}");

    private String collection = "";
    private String before = "";

    @BeforeEach
    void remember() {
        collection = client.collectionOfThree();
        before = everything();
    }

    @AfterEach
    void isAsItWas() {
        assertEquals(before, everything());
        assertIds("[['a','b','c']]", client.post(collection + "/query", "{'query_embeddings':[[1,0,0]]}"));
        TestServer.eventually(() -> server.inFlight() == 0);
    }

    private String everything() {
        Reply reply = client.post(collection + "/get", "{'include':['documents','embeddings','metadatas','uris']}");
        assertEquals(200, reply.status());
        return reply.body();
    }

    /** A value, or a byte, or the end of a body is changed so that it is wrong for certain. */
    @Test
    void refusesAThousandMutatedBodies() {
        long seed = System.nanoTime();
        System.out.println("MutatedRequestsTest seed " + seed);
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < MUTATIONS; i++) {
            String operation = OPERATIONS.get(random.nextInt(OPERATIONS.size()));
            byte[] body = mutated(operation, random);
            requireRefused(post(collection + "/" + operation, body), new String(body, StandardCharsets.UTF_8));
        }
    }

    private static byte[] mutated(String operation, SplittableRandom random) {
        String body = body(operation);
        return switch (random.nextInt(4)) {
            case 0 -> body.substring(0, random.nextInt(body.length())).getBytes(StandardCharsets.UTF_8);
            case 1 -> withInvalidUtf8(body, random);
            case 2 -> (body + WRONG_VALUES.get(random.nextInt(WRONG_VALUES.size()))).getBytes(StandardCharsets.UTF_8);
            default -> withWrongValue(body, random);
        };
    }

    private static String body(String operation) {
        return switch (operation) {
            case "query" -> BODIES.get(1);
            case "get", "delete" -> BODIES.get(2);
            case "search" -> BODIES.get(3);
            default -> BODIES.get(0);
        };
    }

    private static byte[] withInvalidUtf8(String body, SplittableRandom random) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        bytes[random.nextInt(bytes.length)] = (byte) (0xF8 | random.nextInt(8));
        return bytes;
    }

    /** Puts a wrong value behind one of the colons of the outermost object. */
    private static byte[] withWrongValue(String body, SplittableRandom random) {
        List<Integer> names = IntStream.range(0, body.length() - 1)
                .filter(i -> body.charAt(i) == ':' && depth(body, i) == 1)
                .boxed()
                .toList();
        int colon = names.get(random.nextInt(names.size()));
        String wrong = WRONG_VALUES.get(random.nextInt(WRONG_VALUES.size()));
        return (body.substring(0, colon + 1) + wrong + body.substring(end(body, colon + 1)))
                .getBytes(StandardCharsets.UTF_8);
    }

    private static int end(String body, int from) {
        int at = from;
        while (!(depth(body, at) == 1 && body.charAt(at) == ',') && !(depth(body, at) == 1 && body.charAt(at) == '}')) {
            at++;
        }
        return at;
    }

    private static long depth(String body, int at) {
        return body.substring(0, at).chars().filter(c -> c == '{' || c == '[').count()
                - body.substring(0, at)
                        .chars()
                        .filter(c -> c == '}' || c == ']')
                        .count();
    }

    @Test
    void refusesDeepNesting() {
        for (String operation : OPERATIONS) {
            String arrays = "{\"unknown\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}";
            requireRefused(post(collection + "/" + operation, arrays.getBytes(StandardCharsets.UTF_8)), operation);
            String objects = "{\"where\":" + "{\"$and\":[".repeat(20_000) + "]}".repeat(20_000) + "}";
            requireRefused(post(collection + "/" + operation, objects.getBytes(StandardCharsets.UTF_8)), operation);
        }
        String within = "{\"where\":" + "{\"$and\":[".repeat(30) + "{}" + "]}".repeat(30) + "}";
        requireRefused(post(collection + "/get", within.getBytes(StandardCharsets.UTF_8)), "30 levels");
    }

    @Test
    void refusesAFilterOfFiftyThousandTerms() {
        String terms = "{\"k\":1},".repeat(49_999) + "{\"k\":1}";
        for (String operation : List.of("get", "delete")) {
            requireRefused(
                    post(
                            collection + "/" + operation,
                            ("{\"where\":{\"$or\":[" + terms + "]}}").getBytes(StandardCharsets.UTF_8)),
                    "50,000 terms");
        }
        requireRefused(
                post(
                        collection + "/query",
                        ("{\"query_embeddings\":[[1,0,0]],\"where\":{\"$or\":[" + terms + "]}}")
                                .getBytes(StandardCharsets.UTF_8)),
                "50,000 terms");
    }

    @Test
    void refusesMetadataOfTenThousandKeys() {
        String keys =
                IntStream.range(0, 10_000).mapToObj(i -> "\"k" + i + "\":1").collect(Collectors.joining(","));
        String record = "{\"ids\":[\"x\"],\"embeddings\":[[1,2,3]],\"metadatas\":[{" + keys + "}]}";
        for (String operation : List.of("add", "upsert", "update")) {
            requireRefused(post(collection + "/" + operation, record.getBytes(StandardCharsets.UTF_8)), operation);
        }
        requireRefused(
                post(
                        D + "/collections",
                        ("{\"name\":\"many-keys\",\"metadata\":{" + keys + "}}").getBytes(StandardCharsets.UTF_8)),
                "10,000 keys of a collection");
    }

    @Test
    void refusesNumbersThatNoTypeHolds() {
        for (String number :
                List.of("1e999", "-1e999", "1e39", "9".repeat(400), "1e99999999999", "0." + "0".repeat(50) + "1e400")) {
            requireRefused(
                    post(
                            collection + "/add",
                            ("{\"ids\":[\"x\"],\"embeddings\":[[1,2," + number + "]]}")
                                    .getBytes(StandardCharsets.UTF_8)),
                    number);
            requireRefused(
                    post(
                            collection + "/add",
                            ("{\"ids\":[\"x\"],\"embeddings\":[[1,2,3]],\"metadatas\":[{\"k\":"
                                            + number.replace("1e39", "1e310") + "}]}")
                                    .getBytes(StandardCharsets.UTF_8)),
                    number);
        }
    }

    @Test
    void refusesTextsThatAreTooLong() {
        String document = "x".repeat((1 << 20) - 200);
        requireRefused(
                post(
                        collection + "/get",
                        ("{\"where_document\":{\"$regex\":\"" + document + "\"}}").getBytes(StandardCharsets.UTF_8)),
                "a regex of a megabyte");
        String id = "i".repeat(100_000);
        requireRefused(
                post(
                        collection + "/add",
                        ("{\"ids\":[\"" + id + "\"],\"embeddings\":[[1,2,3]]}").getBytes(StandardCharsets.UTF_8)),
                "an id of 100,000 letters");
        requireRefused(
                post(D + "/collections", ("{\"name\":\"" + id + "\"}").getBytes(StandardCharsets.UTF_8)), "a name");
        requireRefused(
                post("/api/v2/tenants", ("{\"name\":\"" + id + "\"}").getBytes(StandardCharsets.UTF_8)), "a tenant");
    }

    @Test
    void playsNoTricksWithPathsInNames() {
        List<String> names = List.of(
                "..", ".", "../../etc/passwd", "%2e%2e", "%2F..%2F", "a%00b", "%FF", "a%20b", "..%5c..", "con/../x");
        for (String name : names) {
            for (String path : List.of(
                    "/api/v2/tenants/" + name,
                    "/api/v2/tenants/default_tenant/databases/" + name,
                    D + "/collections/" + name)) {
                Reply reply = client.get(path);
                assertTrue(reply.status() >= 400 && reply.status() < 500, path + ": " + reply.status());
                assertTrue(reply.status() == 404 || !reply.body().isEmpty(), path);
            }
        }
        for (String name : List.of("..", "../x", "a/b", "a\\\\b", "a\\u0000b", "1.2.3.4", "a..b", "-ab", "ab-")) {
            requireRefused(
                    post(D + "/collections", ("{\"name\":\"" + name + "\"}").getBytes(StandardCharsets.UTF_8)), name);
            requireRefused(
                    post(
                            "/api/v2/tenants/default_tenant/databases",
                            ("{\"name\":\"" + name + "\"}").getBytes(StandardCharsets.UTF_8)),
                    name);
        }
    }

    private Reply post(String path, byte[] body) {
        return client.send(
                "POST",
                path,
                BodyPublishers.ofByteArray(body),
                request -> request.setHeader("Content-Type", "application/json"));
    }

    private static void requireRefused(Reply reply, String what) {
        String shown = what.length() < 500 ? what : what.substring(0, 500);
        assertTrue(reply.status() >= 400 && reply.status() < 500, shown + ": " + reply.status() + " " + reply.body());
        assertTrue(
                reply.json().path("error").isTextual()
                        && reply.json().path("message").isTextual(),
                reply.body());
        assertEquals(2, reply.json().size(), reply.body());
    }
}
