package io.quiver.gateway.http;

import static io.quiver.gateway.http.TestServer.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a caller that watches is told. */
class StreamWatchTest extends ServerFixture {
    private String collection;
    private StreamClient stream;

    @BeforeEach
    void open() {
        collection = client.collection();
        stream = new StreamClient(server, collection);
    }

    @AfterEach
    void close() {
        stream.close();
    }

    @Test
    void tellsTheAnswerAndThenItsChanges() {
        write("add", "'ids':['a','b','c'],'embeddings':[[1,0],[2,0],[3,0]]");
        stream.send(watch(1, 2)).gets("{'type':'current','id':1,'ids':['a','b'],'distances':[1.0,4.0]}");
        write("upsert", "'ids':['far','d'],'embeddings':[[9,0],[0,0]]");
        stream.gets("""
                {'type':'change','id':1,'entered':[{'id':'d','distance':0.0,'reason':'added'}],
                 'left':[{'id':'b','reason':'replaced'}]}""");
        write("upsert", "'ids':['d'],'embeddings':[[5,0]]");
        stream.gets("""
                {'type':'change','id':1,'entered':[{'id':'b','distance':4.0,'reason':'replaced'}],
                 'left':[{'id':'d','reason':'updated'}]}""");
        write("delete", "'ids':['a']");
        stream.gets("""
                {'type':'change','id':1,'entered':[{'id':'c','distance':9.0,'reason':'replaced'}],
                 'left':[{'id':'a','reason':'deleted'}]}""");
    }

    @Test
    void watchesWithAFilterAndWithoutRecords() {
        stream.send("{'type':'watch','id':'w','query_embeddings':[[0,0]],'n_results':1,'where':{'kind':'x'}}")
                .gets("{'type':'current','id':'w','ids':[],'distances':[]}");
        write("add", "'ids':['a','b'],'embeddings':[[1,0],[2,0]],'metadatas':[{'kind':'y'},{'kind':'x'}]");
        stream.gets("{'type':'change','id':'w','entered':[{'id':'b','distance':4.0,'reason':'added'}],'left':[]}");
        write("update", "'ids':['b'],'metadatas':[{'kind':'y'}],'embeddings':null");
        stream.gets("{'type':'change','id':'w','entered':[],'left':[{'id':'b','reason':'updated'}]}");
    }

    @Test
    void goesOnAfterAReconnect() {
        write("add", "'ids':['a'],'embeddings':[[1,0]]");
        long offset = stream.send(watch(1, 1)).next().get("offset").longValue();
        stream.close();
        write("add", "'ids':['b'],'embeddings':[[0,1]]");
        write("delete", "'ids':['a']");
        stream = new StreamClient(server, collection);
        stream.send(watch(2, 1, ",'from_offset':" + offset)).gets("{'type':'resumed','id':2}");
        stream.gets("""
                {'type':'change','id':2,'entered':[{'id':'b','distance':1.0,'reason':'replaced'}],
                 'left':[{'id':'a','reason':'deleted'}]}""");
        stream.send(watch(3, 1, ",'from_offset':1000000"))
                .gets("{'type':'reset','id':3,'ids':['b'],'distances':[1.0]}");
    }

    @Test
    void endsWhenCancelledAndWithTheCollection() {
        String name = "watched-" + System.nanoTime();
        String id = client.post(TestClient.D + "/collections", "{'name':'" + name + "'}")
                .json()
                .get("id")
                .textValue();
        collection = TestClient.D + "/collections/" + id;
        stream.close();
        stream = new StreamClient(server, collection);
        stream.send(watch(1, 1)).gets("{'type':'current','id':1,'ids':[],'distances':[]}");
        stream.send(watch(1, 1));
        assertEquals(409, stream.next().get("status").intValue());
        stream.send("{'type':'cancel','id':1}").gets("""
                {'type':'error','id':1,'error':'ChromaError','message':'The standing query was cancelled','status':400}""");
        stream.send(watch(1, 1)).gets("{'type':'current','id':1,'ids':[],'distances':[]}");
        write("add", "'ids':['a'],'embeddings':[[1,0,0]]");
        stream.gets("""
                {'type':'error','id':1,'error':'InvalidArgumentError','status':400,
                 'message':'Collection expecting embedding with dimension of 3, got 2'}""");
        stream.send("{'type':'watch','id':2,'query_embeddings':[[0,0,0]],'n_results':1}");
        assertEquals("current", stream.next().get("type").textValue());
        client.delete(TestClient.D + "/collections/" + name).is(200, "{}");
        assertEquals(404, stream.next().get("status").intValue());
    }

    @Test
    void refusesWhatCannotBeWatched() {
        stream.send("{'type':'watch','id':1,'query_embeddings':[[0,0],[1,1]]}").gets("""
                {'type':'error','id':1,'error':'InvalidArgumentError','status':400,
                 'message':'Validation error: query_embeddings: Expected one for a standing query, got 2'}""");
        stream.send(watch(1, 1_001)).gets("""
                {'type':'error','id':1,'error':'InvalidArgumentError','status':400,
                 'message':'A standing query wants 1 to 1000 records, not 1001'}""");
        for (int id = 0; id < 16; id++) {
            assertEquals(
                    "current", stream.send(watch(id, 1_000)).next().get("type").textValue());
        }
        assertEquals(429, stream.send(watch(16, 1_000)).next().get("status").intValue());
    }

    @Test
    void stopsWhenTheCallerIsGone() {
        stream.send(watch(1, 1)).gets("{'type':'current','id':1,'ids':[],'distances':[]}");
        eventually(() -> server.watchCount() == 1);
        stream.close();
        eventually(() -> server.watchCount() == 0);
    }

    private static String watch(int id, int k) {
        return watch(id, k, "");
    }

    private static String watch(int id, int k, String more) {
        return "{'type':'watch','id':" + id + ",'query_embeddings':[[0,0]],'n_results':" + k + more + "}";
    }

    private void write(String how, String records) {
        assertEquals(
                "add".equals(how) ? 201 : 200,
                client.post(collection + "/" + how, "{" + records + "}").status());
    }
}
