package io.quiver.gateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quiver.gateway.http.TestClient.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Section 2 of the contract: conditional get and commit; section 1: their errors. */
class ConditionalContractTest extends ServerFixture {
    private static final String CONFLICT = "Record [%s] was written to after the read that the commit rests on";

    private Reply read(String collection, String json) {
        return client.post(collection + "/conditional/get", json);
    }

    private long token(String collection, String json) {
        Reply reply = read(collection, json);
        assertEquals(200, reply.status(), reply.body());
        return reply.json().get("read_token").longValue();
    }

    private Reply commit(String collection, long token, String readIds, String operations) {
        return client.post(
                collection + "/conditional/commit",
                "{'read_token':%d,'read_ids':%s,'operations':[%s]}".formatted(token, readIds, operations));
    }

    private static String update(String id, String metadata) {
        return "{'operation':'update','payload':{'ids':['" + id + "'],'metadatas':[" + metadata + "]}}";
    }

    @Test
    void aGetIsAGetWithAToken() {
        String collection = client.collectionOfThree();
        JsonNode plain = client.post(collection + "/get", "{'ids':['c','a'],'include':['uris']}")
                .json();
        Reply reply = read(collection, "{'ids':['c','a'],'include':['uris']}");
        assertEquals(200, reply.status(), reply.body());
        long token = reply.json().get("read_token").longValue();
        assertTrue(token >= Long.parseLong(reply.header("x-quiver-offset")));
        ((ObjectNode) plain).put("read_token", token);
        assertEquals(TestClient.parse(plain.toString()), reply.json());
        read(collection, "{'limit':1}").json().get("ids").forEach(id -> assertEquals("a", id.textValue()));
        assertEquals(3, read(collection, "{}").json().get("ids").size());
        assertEquals(
                404, read(collection.replace("default_database", "other"), "{}").status());
        read(collection, "{'read_token':'x'}")
                .isWrongShape("read_token: invalid type: string \"x\", expected u64 at line 1 column 17");
    }

    @Test
    void aCommitIsOneEntryOfTheLog() {
        String collection = client.collectionOfThree();
        long token = token(collection, "{'ids':['a']}");
        Reply reply = commit(
                collection,
                token,
                "['a']",
                update("a", "{'k':5}")
                        + ",{'payload':{'ids':['d','e'],'embeddings':[[1,1,0],[0,1,1]]},'operation':'add'}"
                        + ",{'operation':'upsert','payload':{'ids':['c'],'embeddings':[[2,2,2]],'documents':['new']}}"
                        + ",{'operation':'delete','payload':{'ids':['b']}}");
        long offset = Long.parseLong(reply.header("x-quiver-offset"));
        reply.is(200, "{'first_inserted_record_offset':" + offset + ",'record_count':5}");
        assertIds("['a','c','d','e']", client.post(collection + "/get", "{}"));
        assertIds("['a']", client.post(collection + "/get", "{'where':{'k':5}}"));
        assertField("documents", "['new']", client.post(collection + "/get", "{'ids':['c']}"));
    }

    @Test
    void whatWasReadMustNotHaveChanged() {
        String collection = client.collectionOfThree();
        long token = token(collection, "{'ids':['a','b']}");
        client.post(collection + "/update", "{'ids':['b'],'metadatas':[{'k':9}]}")
                .is(200, "{}");
        commit(collection, token, "['a','b']", update("a", "{'k':5}"))
                .isProblem(409, "ConditionalWriteConflictError", CONFLICT.formatted("b"));
        commit(collection, token, "['a','b']", "")
                .isProblem(409, "ConditionalWriteConflictError", CONFLICT.formatted("b"));
        assertIds("[]", client.post(collection + "/get", "{'where':{'k':5}}"));
        assertEquals(
                200, commit(collection, token, "['a']", update("a", "{'k':5}")).status());
        commit(collection, token, "['c']", "").is(200, "{'first_inserted_record_offset':null,'record_count':0}");
    }

    @Test
    void whatIsWrittenMustNotHaveChangedEither() {
        String collection = client.collectionOfThree();
        long token = token(collection, "{'ids':['a']}");
        client.post(collection + "/add", "{'ids':['d'],'embeddings':[[1,1,1]]}").is(201, "{}");
        commit(collection, token, "['a']", "{'operation':'add','payload':{'ids':['d'],'embeddings':[[3,3,3]]}}")
                .isProblem(409, "ConditionalWriteConflictError", CONFLICT.formatted("d"));
    }

    @Test
    void laterReadsOfATransactionAreAsOfItsBeginning() {
        String collection = client.collectionOfThree();
        long token = token(collection, "{'ids':['a']}");
        client.post(collection + "/update", "{'ids':['b'],'metadatas':[{'k':9}]}")
                .is(200, "{}");
        assertEquals(token, token(collection, "{'ids':['c'],'read_token':" + token + "}"));
        read(collection, "{'ids':['b'],'read_token':" + token + "}")
                .isProblem(
                        412,
                        "StaleReadError",
                        "What is asked for has changed since the read token " + token + ": begin again");
        assertEquals(
                412,
                read(collection, "{'where':{'k':1},'read_token':" + token + "}").status());
    }

    @Test
    void aCommitThatRestsOnNoReadIsAWrite() {
        String collection = client.collectionOfThree();
        Reply reply =
                client.post(collection + "/conditional/commit", "{'operations':[" + update("a", "{'k':5}") + "]}");
        assertEquals(200, reply.status(), reply.body());
        assertEquals(1, reply.json().get("record_count").intValue());
        assertIds("['a']", client.post(collection + "/get", "{'where':{'k':5}}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'read_ids':['a'],'operations':[]}|400|Validation error: read_ids: They need the read_token of the read",
                "{'read_token':1}|422|Failed to deserialize the JSON body into the target type: missing field"
                        + " `operations` at line 1 column 16",
                "{'operations':{}}|422|Failed to deserialize the JSON body into the target type: operations: invalid"
                        + " type: map, expected a sequence at line 1 column 15",
                "{'operations':[{'operation':'x','payload':{}}]}|422|Failed to deserialize the JSON body into the target"
                        + " type: operations: unknown variant `x`, expected one of `add`, `update`, `upsert`, `delete`",
                "{'operations':[{'operation':'delete','payload':{'where':{'k':1}}}]}|400|A conditional delete names its"
                        + " records by ids, not by a filter",
                "{'read_token':999999999,'operations':[{'operation':'delete','payload':{'ids':['a']}}]}|400|",
            })
    void refusesWhatIsNoCommit(String body, int status, String message) {
        Reply reply = client.post(client.collectionOfThree() + "/conditional/commit", body);
        assertEquals(status, reply.status(), reply.body());
        if (message != null) {
            assertEquals(message, reply.json().get("message").textValue());
        }
    }

    /** Each of several clients adds to one counter, and reads it again when another was faster. */
    @Test
    void concurrentIncrementsAreAllCounted() throws InterruptedException {
        String collection = client.collection();
        client.post(collection + "/add", "{'ids':['counter'],'embeddings':[[0]],'metadatas':[{'n':0}]}")
                .is(201, "{}");
        int clients = 4;
        int increments = 10;
        AtomicInteger conflicts = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            threads.add(Thread.ofVirtual().start(() -> {
                for (int done = 0; done < increments; ) {
                    Reply reply = increment(collection);
                    done += reply.status() == 200 ? 1 : 0;
                    conflicts.addAndGet(reply.status() == 409 ? 1 : 0);
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(clients * increments, counted(client.post(collection + "/get", "{}")));
        assertTrue(conflicts.get() > 0, "nobody was ever in another's way");
    }

    private Reply increment(String collection) {
        Reply read = read(collection, "{'ids':['counter']}");
        long token = read.json().get("read_token").longValue();
        return commit(collection, token, "['counter']", update("counter", "{'n':" + (counted(read) + 1) + "}"));
    }

    private static int counted(Reply reply) {
        assertEquals(200, reply.status(), reply.body());
        return reply.json().at("/metadatas/0/n").intValue();
    }
}
