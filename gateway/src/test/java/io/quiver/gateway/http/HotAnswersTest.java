package io.quiver.gateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quiver.gateway.http.TestClient.Reply;
import org.junit.jupiter.api.Test;

/** A question asked twice is answered from the cache, and never with what was true before a write. */
class HotAnswersTest extends ServerFixture {
    private static final String QUERY = "{'query_embeddings':[[1,0,0]]}";

    @Test
    void answersTheSameQuestionFromTheCache() {
        String collection = client.collectionOfThree();
        Reply first = client.post(collection + "/query", QUERY);
        Reply second = client.post(collection + "/query", QUERY);
        assertEquals("miss", first.header(RecordAnswers.CACHE_HEADER));
        assertEquals("hit", second.header(RecordAnswers.CACHE_HEADER));
        assertEquals(first.body(), second.body());
        assertEquals(first.header(RecordAnswers.OFFSET_HEADER), second.header(RecordAnswers.OFFSET_HEADER));
        assertEquals("miss", client.post(collection + "/query", QUERY + " ").header(RecordAnswers.CACHE_HEADER));
    }

    @Test
    void neverAnswersWithWhatWasTrueBeforeAWrite() {
        String collection = client.collectionOfThree();
        for (int i = 0; i < 50; i++) {
            client.post(collection + "/query", QUERY);
            client.post(
                    collection + "/upsert", "{'ids':['n" + i + "'],'embeddings':[[1,0,0]],'documents':['" + i + "']}");
            Reply reply = client.post(collection + "/query", QUERY.replace("}", ",'n_results':100}"));
            assertEquals(4 + i, reply.json().at("/ids/0").size(), reply.body());
            assertEquals("miss", client.post(collection + "/query", QUERY).header(RecordAnswers.CACHE_HEADER));
        }
    }

    @Test
    void tellsGetFromQueryThoughTheBodyIsTheSame() {
        String collection = client.collectionOfThree();
        client.post(collection + "/query", QUERY);
        assertIds("['a','b','c']", client.post(collection + "/get", QUERY));
        assertIds("[['a','b','c']]", client.post(collection + "/query", QUERY));
    }

    @Test
    void tellsCollectionsApart() {
        String one = client.collectionOfThree();
        String other = client.collection();
        client.post(one + "/get", "{}");
        client.post(other + "/add", "{'ids':['x'],'embeddings':[[1]]}");
        assertIds("['x']", client.post(other + "/get", "{}"));
    }
}
