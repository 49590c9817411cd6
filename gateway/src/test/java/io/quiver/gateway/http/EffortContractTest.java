package io.quiver.gateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.quiver.gateway.http.TestClient.Reply;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What queries may say beyond Chroma's fields, and what they are told. */
class EffortContractTest extends ServerFixture {
    private Reply query(String more) {
        return post("/query", more);
    }

    private Reply explain(String more) {
        return post("/explain", more);
    }

    private Reply post(String route, String more) {
        return client.post(client.collectionOfThree() + route, "{'query_embeddings':[[0,1,0],[1,0,0]]" + more + "}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ",'ef':1",
                ",'ef':4096",
                ",'ef':null",
                ",'target_recall':0.01",
                ",'target_recall':1",
                ",'target_recall':null,'ef':7",
                ",'estimate_recall':null",
                ",'estimate_recall':false"
            })
    void takesEveryEffortInRangeAndAnswersInTheUsualForm(String effort) {
        Reply reply = query(effort + ",'n_results':2");
        assertEquals(200, reply.status(), reply.body());
        assertEquals("b", reply.json().at("/ids/0/0").textValue());
        assertEquals(2, reply.json().at("/ids/1").size());
        assertFalse(reply.json().has("estimated_recall"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                ",'ef':0|ef must lie in 1..4096, not 0",
                ",'ef':4097|ef must lie in 1..4096, not 4097",
                ",'target_recall':0|target_recall must be greater than 0 and at most 1, not 0.0",
                ",'target_recall':1.01|target_recall must be greater than 0 and at most 1, not 1.01",
                ",'target_recall':-1|target_recall must be greater than 0 and at most 1, not -1.0",
                ",'ef':5,'target_recall':0.5|ef (5) and target_recall (0.5) exclude each other"
            })
    void saysWhichEffortIsOutOfRange(String effort, String problem) {
        query(effort).isInvalid(problem);
        explain(effort).isInvalid(problem);
    }

    @Test
    void saysWhichShapeIsWrong() {
        client.post(client.collection() + "/query", "{'ef':'9'}")
                .isWrongShape("ef: invalid type: string \"9\", expected u32 at line 1 column 9");
        client.post(client.collection() + "/query", "{'target_recall':true}")
                .isWrongShape("target_recall: invalid type: boolean `true`, expected a number at line 1 column 21");
        client.post(client.collection() + "/query", "{'estimate_recall':1}")
                .isWrongShape("estimate_recall: invalid type: integer `1`, expected a boolean at line 1 column 20");
    }

    @Test
    void tellsTheRecallOfEachQueryThatAsks() {
        Reply reply = query(",'estimate_recall':true");
        assertEquals("[1.0,1.0]", reply.json().get("estimated_recall").toString(), reply.body());
        assertEquals(
                "[]",
                client.post(client.collectionOfThree() + "/query", "{'query_embeddings':[],'estimate_recall':true}")
                        .json()
                        .get("estimated_recall")
                        .toString());
    }

    @Test
    void explainsEachQuerySegmentBySegment() {
        Reply reply = explain(",'n_results':2,'where':{'k':{'$gte':1}}");
        assertEquals(200, reply.status(), reply.body());
        assertTrue(reply.header(RecordAnswers.OFFSET_HEADER).matches("\\d+"));
        assertEquals(2, reply.json().get("queries").size());
        JsonNode query = reply.json().at("/queries/0");
        assertEquals(2, query.get("hits").intValue());
        assertEquals(1.0, query.get("estimated_recall").doubleValue());
        assertEquals(1, query.get("segments").size());
        JsonNode segment = query.at("/segments/0");
        assertEquals("scan_matches", segment.get("way").textValue());
        assertEquals(3, segment.get("rows").intValue());
        assertEquals(2, segment.get("matches").intValue());
        assertEquals(2.0 / 3, segment.get("selectivity").doubleValue());
        assertEquals(2, segment.get("distances").intValue());
        assertTrue(segment.get("taken_ns").longValue() > 0);
        assertEquals(2.0 / 3, segment.get("estimated_selectivity").doubleValue());
        assertEquals(2 * 3 * Float.BYTES, segment.get("embedding_bytes").intValue());
        assertEquals("[]", segment.get("alternatives").toString());
        assertEquals(
                reply.header(RecordAnswers.OFFSET_HEADER),
                query.get("log_offset").toString());
        assertTrue(query.get("queued_ns").longValue() > 0);
    }

    @Test
    void tellsWhetherTheAnswerWouldHaveBeenKept() {
        String collection = client.collectionOfThree();
        String body = "{'query_embeddings':[[0,1,0]],'n_results':3}";
        assertEquals("miss", client.post(collection + "/explain", body).header(RecordAnswers.CACHE_HEADER));
        client.post(collection + "/query", body);
        assertEquals("hit", client.post(collection + "/explain", body).header(RecordAnswers.CACHE_HEADER));
        client.addThree(collection);
        assertEquals("miss", client.post(collection + "/explain", body).header(RecordAnswers.CACHE_HEADER));
    }

    @Test
    void explainsNothingWhereNothingIsAskedOrThere() {
        client.post(client.collectionOfThree() + "/explain", "{'query_embeddings':[]}")
                .is(200, "{'queries':[]}");
        client.post(client.collection() + "/explain", "{'query_embeddings':[[1,2]]}")
                .is(
                        200,
                        "{'queries':[{'hits':0,'partial':false,'estimated_recall':1.0,'log_offset':0,'queued_ns':0,"
                                + "'segments':[]}]}");
        client.post(client.collection() + "/explain", "{}")
                .isWrongShape("missing field `query_embeddings` at line 1 column 2");
        client.post(
                        TestClient.D + "/collections/6c6b1f0e-0000-4000-8000-000000000000/explain",
                        "{'query_embeddings':[]}")
                .isProblem(404, "NotFoundError", "Collection [6c6b1f0e-0000-4000-8000-000000000000] does not exist.");
    }

    @Test
    void aHotAnswerIsNotTakenForOneOfAnotherEffort() {
        String collection = client.collectionOfThree();
        String query = "{'query_embeddings':[[0,1,0]]";
        client.post(collection + "/query", query + "}");
        assertEquals(
                "miss", client.post(collection + "/query", query + ",'ef':20}").header(RecordAnswers.CACHE_HEADER));
        assertEquals("hit", client.post(collection + "/query", query + "}").header(RecordAnswers.CACHE_HEADER));
        client.json("PUT", collection, "{'new_configuration':{'hnsw':{'ef_search':20}}}", _ -> {});
        assertEquals("miss", client.post(collection + "/query", query + "}").header(RecordAnswers.CACHE_HEADER));
    }
}
