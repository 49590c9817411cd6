package io.quiver.gateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.quiver.gateway.http.TestClient.Reply;
import org.junit.jupiter.api.Test;

/** How searches are explained: each {@code $knn} of each. */
class SearchExplainContractTest extends SearchFixture {
    @Test
    void explainsEachKnnOfEachSearch() {
        String sparse = "{'$knn':{'query':{'indices':[1,5],'values':[1,1]},'key':'sparse','limit':7,'default':1}}";
        String rank = "{'$sum':[" + knn("[0,0]", ",'limit':2") + "," + sparse + "]}";
        Reply reply = client.post(
                line() + "/explain",
                "{'searches':[{'rank':" + rank + ",'filter':{'kind':'x'}},{'filter':{'kind':'y'}}]}");
        assertEquals(200, reply.status(), reply.body());
        assertTrue(reply.header(RecordAnswers.OFFSET_HEADER).matches("\\d+"));
        assertEquals(2, reply.json().at("/searches/0/knns").size());
        assertEquals(0, reply.json().at("/searches/1/knns").size());
        JsonNode dense = reply.json().at("/searches/0/knns/0");
        assertEquals("#embedding", dense.get("key").textValue());
        assertEquals(2, dense.get("limit").intValue());
        assertEquals(2, dense.get("hits").intValue());
        assertEquals("scan_matches", dense.at("/segments/0/way").textValue());
        assertEquals(2, dense.at("/segments/0/matches").intValue());
        assertEquals(
                "{\"key\":\"sparse\",\"limit\":7,\"terms\":2,\"hits\":0,\"partial\":false}",
                reply.json().at("/searches/0/knns/1").toString());
    }

    @Test
    void explainsNoSearchAndRefusesWhatSearchRefuses() {
        String path = line() + "/explain";
        client.post(path, "{'searches':[]}").is(200, "{'searches':[]}");
        client.post(path, "{'searches':[{'rank':1}]}")
                .isWrongShape("searches[0].rank: invalid type: integer `1`, expected a map");
        client.post(path, "{'searches':null}").isWrongShape("missing field `query_embeddings` at line 1 column 17");
    }
}
