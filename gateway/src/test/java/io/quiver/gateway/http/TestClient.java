package io.quiver.gateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.quiver.log.catalog.Database;
import io.quiver.log.catalog.Tenant;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Collections;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Speaks to a server as Chroma's clients do. */
final class TestClient implements AutoCloseable {
    /** The default database. */
    static final String D = "/api/v2/tenants/%s/databases/%s".formatted(Tenant.DEFAULT, Database.DEFAULT);

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final int port;

    TestClient(int port) {
        this.port = port;
    }

    /** What the server answered. */
    record Reply(HttpResponse<String> response) {
        int status() {
            return response.statusCode();
        }

        String body() {
            return response.body();
        }

        String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }

        JsonNode json() {
            try {
                return Json.MAPPER.readTree(body());
            } catch (IOException e) {
                throw new UncheckedIOException(body(), e);
            }
        }

        /** The body is this JSON; apostrophes stand for quotation marks. */
        Reply is(int status, String json) {
            assertEquals(status, status(), body());
            assertEquals(parse(json.replace('\'', '"')), json());
            return this;
        }

        /** The body is an error of this name and message. */
        Reply isProblem(int status, String error, String message) {
            assertEquals(status, status(), body());
            assertEquals(error, json().path("error").textValue(), body());
            assertEquals(message, json().path("message").textValue());
            assertEquals(2, json().size(), body());
            assertTrue(header(Problems.TRACE_HEADER).matches("[0-9a-f]{32}"), header(Problems.TRACE_HEADER));
            assertEquals("application/json", header("content-type"));
            return this;
        }

        Reply isInvalid(String message) {
            return isProblem(400, "InvalidArgumentError", message);
        }

        Reply isWrongShape(String problem) {
            return isProblem(
                    422, "ChromaError", "Failed to deserialize the JSON body into the target type: " + problem);
        }

        /** Without a body, as the contract has it for what is not there. */
        Reply isEmpty(int status) {
            assertEquals(status, status());
            assertEquals("", body());
            return this;
        }
    }

    /** Looks at each character of {@link #LONG_DOCUMENT} a thousand times, and finds nothing. */
    static final String LONG_WORK = "{'$regex':'[xy]{9,600}(zz|qq)'}";

    /** Has each three letters in a row of what is looked for, so that no index rules it out. */
    private static final String LONG_DOCUMENT = "xzzyzzxqqyqq" + "xy".repeat(350_000);

    /** One whose embeddings, 600 of 1,000 floats, take more than five megabytes as JSON. */
    String collectionOfMegabytes() {
        String collection = collection();
        String embedding = "[" + "0.1234567,".repeat(999) + "1]";
        String embeddings = String.join(",", Collections.nCopies(60, embedding));
        for (int i = 0; i < 600; i += 60) {
            String ids =
                    IntStream.range(i, i + 60).mapToObj("\"%d\""::formatted).collect(Collectors.joining(","));
            post(collection + "/add", "{'ids':[" + ids + "],'embeddings':[" + embeddings + "]}")
                    .is(201, "{}");
        }
        return collection;
    }

    /** One with three long documents, which take {@link #LONG_WORK} minutes. */
    String collectionOfLongDocuments() {
        String collection = collection();
        for (int i = 0; i < 3; i++) {
            post(
                            collection + "/add",
                            "{'ids':['%d'],'embeddings':[[%d,1]],'documents':['%s']}".formatted(i, i, LONG_DOCUMENT))
                    .is(201, "{}");
        }
        return collection;
    }

    static JsonNode parse(String json) {
        try {
            return Json.MAPPER.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(json, e);
        }
    }

    Reply get(String path) {
        return send("GET", path, BodyPublishers.noBody(), _ -> {});
    }

    Reply delete(String path) {
        return send("DELETE", path, BodyPublishers.noBody(), _ -> {});
    }

    Reply post(String path, String json) {
        return post(path, json, _ -> {});
    }

    Reply post(String path, String json, Consumer<HttpRequest.Builder> more) {
        return json("POST", path, json, more);
    }

    /** Sends little-endian floats instead of JSON. */
    Reply postFloats(String path, float... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return send(
                "POST",
                path,
                BodyPublishers.ofByteArray(bytes.array()),
                request -> request.setHeader("Content-Type", BodyReader.FLOATS));
    }

    Reply json(String method, String path, String json, Consumer<HttpRequest.Builder> more) {
        return send(method, path, BodyPublishers.ofString(json.replace('\'', '"')), request -> {
            request.setHeader("Content-Type", "application/json");
            more.accept(request);
        });
    }

    Reply send(String method, String path, BodyPublisher body, Consumer<HttpRequest.Builder> more) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                .timeout(Duration.ofSeconds(60))
                .method(method, body);
        more.accept(request);
        try {
            return new Reply(http.send(request.build(), HttpResponse.BodyHandlers.ofString()));
        } catch (IOException e) {
            throw new UncheckedIOException(method + " " + path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Creates a collection with a name of its own; returns the path of its routes. */
    String collection() {
        return collection("");
    }

    /** @param more fields of the create payload, each with a comma before it */
    String collection(String more) {
        Reply reply = post(D + "/collections", "{'name':'c-" + UUID.randomUUID() + "'" + more + "}");
        assertEquals(200, reply.status(), reply.body());
        return D + "/collections/" + reply.json().get("id").textValue();
    }

    String collectionOfOne(String document) {
        String collection = collection();
        post(collection + "/add", "{'ids':['a'],'embeddings':[[1,0,0]],'documents':['" + document + "']}")
                .is(201, "{}");
        return collection;
    }

    /** A collection with the three records of fixture F15. */
    String collectionOfThree() {
        String collection = collection();
        addThree(collection).is(201, "{}");
        return collection;
    }

    Reply addThree(String collection) {
        return post(collection + "/add", """
                {'ids':['a','b','c'],'embeddings':[[1,0,0],[0,1,0],[0,0,1]],'documents':['hello world','foo bar',null],
                 'metadatas':[{'k':1,'s':'x','t':['p','q']},{'k':2.5,'s':'y','b':true},null],'uris':['u1',null,null]}""");
    }

    @Override
    public void close() {
        http.close();
    }
}
