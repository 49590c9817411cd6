package io.quiver.gateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What callers of a stream send and get. */
class StreamContractTest extends ServerFixture {
    private String collection;
    private StreamClient stream;

    @BeforeEach
    void open() {
        collection = client.collectionOfThree();
        stream = new StreamClient(server, collection);
    }

    @AfterEach
    void close() {
        stream.close();
    }

    @Test
    void answersAQueryInTheWordsOfHttp() {
        String body = "'query_embeddings':[[1,0,0],[0,0,1]],'n_results':2,'where':{'k':{'$gt':0}},"
                + "'include':['distances','metadatas','documents','embeddings','uris'],'ef':50";
        ObjectNode result =
                (ObjectNode) stream.send("{'type':'query','id':7," + body + "}").next();
        assertEquals("result", result.remove("type").textValue());
        assertEquals(7, result.remove("id").intValue());
        assertTrue(result.remove("offset").longValue() > 0);
        assertEquals(client.post(collection + "/query", "{" + body + "}").json(), result);
    }

    @Test
    void repeatsTheCallersId() {
        JsonNode result = stream.send(query("'a\\u00e9'")).next();
        assertEquals("result", result.get("type").textValue());
        assertEquals("aé", result.get("id").textValue());
        assertEquals(5, stream.send(query("5")).next().get("id").intValue());
    }

    @Test
    void hasManyQueriesInFlight() {
        Set<Integer> ids = new HashSet<>();
        for (int id = 0; id < 200; id++) {
            stream.send(query(Integer.toString(id)));
            ids.add(id);
        }
        for (int i = 0; i < 200; i++) {
            JsonNode result = stream.next();
            assertEquals("result", result.get("type").textValue(), result::toString);
            ids.remove(result.get("id").intValue());
        }
        assertEquals(Set.of(), ids);
    }

    @Test
    void joinsDividedMessages() {
        assertEquals(3, stream.sendDivided(query("3")).next().get("id").intValue());
    }

    @Test
    void seesWhatWasWrittenSinceItWasOpened() {
        client.post(collection + "/upsert", "{'ids':['near'],'embeddings':[[1,0,0.01]]}")
                .is(200, "{}");
        JsonNode result = stream.send("{'type':'query','id':1,'query_embeddings':[[1,0,0.01]],'n_results':1}")
                .next();
        assertEquals("near", result.at("/ids/0/0").textValue());
    }

    @Test
    void refusesInChromasFormAndStaysOpen() {
        stream.send("{'id':1,'type':'query','query_embeddings':[[1,0]]}").gets("""
                {'type':'error','id':1,'error':'InvalidArgumentError','status':400,
                 'message':'Collection expecting embedding with dimension of 3, got 2'}""");
        stream.send("{'id':'x','type':'query'}").gets("""
                {'type':'error','id':'x','error':'ChromaError','status':422,'message':'Failed to deserialize the JSON body \
                into the target type: missing field `query_embeddings` at line 1 column 25'}""");
        stream.send("{'type':'sing'}").gets("""
                {'type':'error','id':null,'error':'ChromaError','status':422,'message':'Failed to deserialize the JSON body \
                into the target type: type: unknown variant `sing`, expected one of `query`, `watch`, `cancel`, `credit`, `ping`'}""");
        stream.send("not JSON");
        assertEquals(400, stream.next().get("status").intValue());
        stream.send("{'type':'cancel','id':9}").gets("""
                {'type':'error','id':9,'error':'NotFoundError','status':404,
                 'message':'Nothing with id 9 can be cancelled'}""");
        assertEquals("result", stream.send(query("1")).next().get("type").textValue());
    }

    @Test
    void answersPings() {
        stream.send("{'type':'ping','id':'p'}").gets("{'type':'pong','id':'p'}");
    }

    @Test
    void isAnOrdinaryErrorWhereThereIsNothingToStream() {
        client.get(collection + "/stream").isInvalid("This is a stream: ask with the header Upgrade: websocket");
    }

    private static String query(String id) {
        return "{'type':'query','id':" + id + ",'query_embeddings':[[1,0,0]],'n_results':1,'include':[]}";
    }
}
