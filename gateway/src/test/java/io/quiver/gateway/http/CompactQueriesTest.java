package io.quiver.gateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.flight.service.HitsStream;
import io.quiver.gateway.http.TestClient.Reply;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Queries whose embeddings come as floats are answered as those in JSON, and answers may come in Arrow. */
class CompactQueriesTest extends ServerFixture {
    @Test
    void answersFloatsAsNumbers() {
        String collection = client.collectionOfThree();
        Reply numbers = client.post(
                collection + "/query",
                "{'query_embeddings':[[1,0,0.5],[0,1,0]],'n_results':2,'include':['distances'],'ids':['a','c']}");
        String parameters =
                "?n_results=2&include=%s&ids=%s".formatted(encoded("[\"distances\"]"), encoded("[\"a\",\"c\"]"));
        Reply floats = client.postFloats(collection + "/query" + parameters, 1, 0, 0.5f, 0, 1, 0);
        assertEquals(200, floats.status(), floats.body());
        assertEquals(numbers.body(), floats.body());
    }

    @Test
    void keepsAnswersToFloatsByTheirParameters() {
        String path = client.collectionOfThree() + "/query?n_results=";
        assertEquals("miss", client.postFloats(path + 1, 1, 0, 0).header(RecordAnswers.CACHE_HEADER));
        assertEquals("hit", client.postFloats(path + 1, 1, 0, 0).header(RecordAnswers.CACHE_HEADER));
        Reply more = client.postFloats(path + 2, 1, 0, 0);
        assertEquals("miss", more.header(RecordAnswers.CACHE_HEADER));
        assertEquals(2, more.json().at("/ids/0").size());
    }

    @Test
    void refusesFloatsThatAreNoEmbeddings() {
        String collection = client.collectionOfThree();
        client.postFloats(collection + "/query", 1, 0, 0, 1)
                .isInvalid("Collection expecting embedding with dimension of 3, got 4 floats");
        client.postFloats(collection + "/query").isInvalid("Expecting a body of floats of 4 bytes, got 0 bytes");
        client.postFloats(collection + "/query", 1, Float.NaN, 0)
                .isInvalid("Validation error: Embedding values must be finite, got NaN at float 1");
        client.postFloats(collection + "/query?query_embeddings=" + encoded("[[1,0,0]]"), 1, 0, 0)
                .isInvalid("Failed to deserialize query string: query_embeddings: the body holds them");
        assertEquals(
                400,
                client.postFloats(collection + "/query?n_results=x", 1, 0, 0).status());
    }

    @Test
    void refusesFloatsWhereTheyMeanNothing() {
        client.postFloats(client.collectionOfThree() + "/get", 1, 0, 0)
                .isProblem(415, "ChromaError", "Expected request with `Content-Type: application/json`");
    }

    @Test
    void answersInArrowAndKeepsItApart() {
        String path = client.collectionOfThree() + "/query";
        String query = "{'query_embeddings':[[1,0,0]]}";
        assertEquals("miss", client.post(path, query).header(RecordAnswers.CACHE_HEADER));
        Reply first = inArrow(path, query);
        Reply second = inArrow(path, query);
        for (Reply reply : List.of(first, second)) {
            assertEquals(200, reply.status());
            assertEquals(HitsStream.MEDIA_TYPE, reply.header("content-type"));
            assertTrue(reply.body().contains("query_id"));
        }
        assertEquals("miss", first.header(RecordAnswers.CACHE_HEADER));
        assertEquals("hit", second.header(RecordAnswers.CACHE_HEADER));
        assertEquals(first.body(), second.body());
        assertEquals("application/json", client.post(path, query).header("content-type"));
        inArrow(path, "{}")
                .isProblem(
                        422,
                        "ChromaError",
                        client.post(path, "{}").json().get("message").textValue());
    }

    private Reply inArrow(String path, String query) {
        return client.post(path, query, request -> request.setHeader("Accept", HitsStream.MEDIA_TYPE));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
