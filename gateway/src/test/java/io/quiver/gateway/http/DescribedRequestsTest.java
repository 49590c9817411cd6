package io.quiver.gateway.http;

import static io.quiver.gateway.http.TestClient.D;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.quiver.gateway.http.TestClient.Reply;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Requests drawn from the server's own description, nearly right, to every route of it: none is answered with a 5xx,
 * none hangs, and the server answers as before. {@code -Dquiver.requests=} says how many, {@code -Dquiver.seed=} draws
 * the same again.
 */
class DescribedRequestsTest extends ServerFixture {
    private static final int REQUESTS = Integer.getInteger("quiver.requests", 4_000);

    /** Now and then what was deleted is made again. */
    private static final int RENEWED_AFTER = 100;

    private static final Pattern PARAMETER = Pattern.compile("\\{(\\w+)\\*?}");
    private static final List<String> NAMES =
            List.of("x", "..", "%2e%2e", "%00", "%FF", "a%20b", "%F0%9F%98%80", "-", "1", "a".repeat(600));
    private static final List<String> NUMBERS = List.of("0", "1", "-1", "x", "", "99999999999999999999", "1.5", "%00");
    private static final List<String> HEADERS = List.of("1", "50", "0", "-1", "x", "99999999999", "1e3");
    private static final List<String> CONSISTENCIES = List.of(
            "strong", "index_only", "at_least=1", "at=1", "bounded_ms=5", "at=x", "at_least=-1", "bounded_ms=", "?");
    private static final List<String> TYPES = List.of(
            "application/json",
            "application/json; charset=utf-8",
            "text/plain",
            "application/octet-stream",
            "x",
            "a/b;c");

    /** Nothing of these is there yet, as the description says. */
    private static final int NOT_IMPLEMENTED = 501;

    /** Where the caller's own deadline is short. */
    private static final int TOO_LATE = 504;

    private final long seed = Long.getLong("quiver.seed", System.nanoTime());
    private final SplittableRandom random = new SplittableRandom(seed);
    private final JsonNode api = description();
    private final NearMisses nearMisses = new NearMisses(api, random);
    private String collection = "";
    private String collectionName = "";

    /** One method of one path. */
    private record Operation(String method, String path, JsonNode described) {}

    private static JsonNode description() {
        try {
            return Json.MAPPER.readTree(DescriptionEndpoints.read(DescriptionEndpoints.OPENAPI));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void areAnsweredWithoutA5xx() {
        System.out.println("DescribedRequestsTest seed " + seed);
        List<Operation> operations = operations();
        var statuses = new TreeMap<Integer, Integer>();
        for (int i = 0; i < REQUESTS; i++) {
            if (i % RENEWED_AFTER == 0) {
                renew();
            }
            Operation operation = operations.get(random.nextInt(operations.size()));
            statuses.merge(request(operation), 1, Integer::sum);
        }
        System.out.println("DescribedRequestsTest statuses " + statuses);
        assertTrue(statuses.getOrDefault(200, 0) > REQUESTS / 20, "too few are right: " + statuses);
        renew();
        assertIds("[['a','b','c']]", client.post(collection + "/query", "{'query_embeddings':[[1,0,0]]}"));
        TestServer.eventually(() -> server.inFlight() == 0);
    }

    private List<Operation> operations() {
        List<Operation> operations = new ArrayList<>();
        api.get("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .properties()
                        .forEach(method -> operations.add(new Operation(
                                method.getKey().toUpperCase(Locale.ROOT), path.getKey(), method.getValue()))));
        return operations;
    }

    /** The default database may have been deleted, or its collection, or they may hold no more. */
    private void renew() {
        client.json("PUT", "/api/v2/admin/quotas/default_tenant", "{}", _ -> {});
        client.post("/api/v2/tenants/default_tenant/databases", "{'name':'default_database'}");
        client.json("PUT", "/api/v2/admin/quotas/default_tenant/default_database", "{}", _ -> {});
        collection = client.collectionOfThree();
        collectionName =
                client.get(D + "/collections/by-id/" + id()).json().path("name").asText();
    }

    private String id() {
        return collection.substring(collection.lastIndexOf('/') + 1);
    }

    private int request(Operation operation) {
        String path = path(operation.path()) + query(operation);
        String body = body(operation);
        String timeout = random.nextInt(12) == 0 ? one(HEADERS) : null;
        Reply reply = client.send(operation.method(), path, BodyPublishers.ofString(body), request -> {
            request.setHeader("content-type", random.nextInt(20) == 0 ? one(TYPES) : "application/json");
            addHeaders(request, timeout);
        });
        require(operation, path, body, timeout, reply);
        return reply.status();
    }

    private void addHeaders(HttpRequest.Builder request, @Nullable String timeout) {
        if (timeout != null) {
            request.setHeader("x-timeout-ms", timeout);
        }
        if (random.nextInt(12) == 0) {
            request.setHeader("x-quiver-consistency", one(CONSISTENCIES));
        }
        if (random.nextInt(20) == 0) {
            request.setHeader("traceparent", one(HEADERS));
        }
        if (random.nextInt(40) == 0) {
            request.setHeader("accept", "application/vnd.apache.arrow.stream");
        }
    }

    private String path(String template) {
        return PARAMETER
                .matcher(template)
                .replaceAll(found -> Matcher.quoteReplacement(parameter(template, found.group(1))));
    }

    private String parameter(String template, String name) {
        if (random.nextInt(15) == 0) {
            return one(NAMES);
        }
        return switch (name) {
            case "tenant" -> "default_tenant";
            case "database" -> "default_database";
            case "collection" -> template.endsWith("/collections/{collection}") ? collectionName : id();
            default -> "x";
        };
    }

    private String query(Operation operation) {
        StringBuilder query = new StringBuilder();
        for (JsonNode reference : operation.described().path("parameters")) {
            JsonNode parameter = reference.has("$ref")
                    ? api.at(reference.get("$ref").textValue().substring(1))
                    : reference;
            if (parameter.get("in").textValue().equals("query") && random.nextInt(3) == 0) {
                query.append(query.isEmpty() ? '?' : '&')
                        .append(parameter.get("name").textValue())
                        .append('=')
                        .append(one(NUMBERS));
            }
        }
        return query.toString();
    }

    private String body(Operation operation) {
        JsonNode schema = operation
                .described()
                .path("requestBody")
                .path("content")
                .path("application/json")
                .path("schema");
        return schema.isMissingNode() ? random.nextInt(10) == 0 ? "{\"x\":" : "" : nearMisses.body(schema);
    }

    private void require(Operation operation, String path, String body, @Nullable String timeout, Reply reply) {
        int status = reply.status();
        boolean isExpected = status < 500
                || status == NOT_IMPLEMENTED
                        && operation.described().path("responses").has("501")
                || status == TOO_LATE && timeout != null;
        String shown = body.length() < 2_000 ? body : body.substring(0, 2_000);
        assertTrue(
                isExpected,
                () -> "%s %s\n%s\n%d %s (seed %d)"
                        .formatted(operation.method(), path, shown, status, reply.body(), seed));
        if (status >= 400 && !reply.body().isEmpty()) {
            assertEquals(2, reply.json().size(), reply.body());
            assertTrue(reply.json().path("message").isTextual(), reply.body());
        }
    }

    private String one(List<String> of) {
        return of.get(random.nextInt(of.size()));
    }
}
