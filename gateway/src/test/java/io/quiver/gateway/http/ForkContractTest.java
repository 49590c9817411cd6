package io.quiver.gateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quiver.gateway.http.TestClient.Reply;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Section 2 of the contract: forks. */
class ForkContractTest extends ServerFixture {
    private static final String COLLECTIONS = "/api/v2/tenants/default_tenant/databases/default_database/collections/";

    private Reply fork(String source, String name) {
        return client.post(source + "/fork", "{'new_name':'" + name + "'}");
    }

    private static String anyName() {
        return "fork-" + UUID.randomUUID();
    }

    private static String path(Reply collection) {
        assertEquals(200, collection.status(), collection.body());
        return COLLECTIONS + collection.json().get("id").textValue();
    }

    @Test
    void answersACollectionLikeItsSource() {
        String source = client.collection(",'metadata':{'hnsw:space':'cosine','x':1}");
        client.addThree(source).is(201, "{}");
        String name = anyName();
        Reply reply = fork(source, name);
        ObjectNode fork = (ObjectNode) reply.json();
        ObjectNode origin = (ObjectNode) client.get(COLLECTIONS + "by-id/" + source.substring(COLLECTIONS.length()))
                .json();
        assertEquals(name, fork.get("name").textValue());
        assertNotEquals(origin.get("id"), fork.get("id"));
        for (String own : new String[] {"id", "name", "version", "log_position"}) {
            fork.remove(own);
            origin.remove(own);
        }
        assertEquals(origin, fork);
        assertEquals(reply.json(), client.get(COLLECTIONS + name).json());
    }

    @Test
    void beginsWithWhatWasAcknowledgedAndGoesItsOwnWay() {
        String source = client.collectionOfThree();
        String fork = path(fork(source, anyName()));
        client.get(fork + "/count").is(200, "3");
        client.post(fork + "/delete", "{'ids':['a']}");
        client.post(fork + "/update", "{'ids':['b'],'metadatas':[{'k':7}]}");
        client.post(source + "/add", "{'ids':['d'],'embeddings':[[1,1,1]]}").is(201, "{}");
        assertIds("['a','b','c','d']", client.post(source + "/get", "{}"));
        assertIds("['b','c']", client.post(fork + "/get", "{}"));
        assertIds("[]", client.post(source + "/get", "{'where':{'k':7}}"));
        assertIds("['b']", client.post(fork + "/get", "{'where':{'k':7}}"));
        assertIds("[['b','c']]", client.post(fork + "/query", "{'query_embeddings':[[0,1,0]]}"));
        client.post(fork + "/add", "{'ids':['e'],'embeddings':[[1,1]]}")
                .isInvalid("Collection expecting embedding with dimension of 3, got 2");
    }

    @Test
    void countsTheForksOfTheWholeLine() {
        String root = client.collectionOfThree();
        client.get(root + "/fork_count").is(200, "{'count':0}");
        String first = anyName();
        String fork = path(fork(root, first));
        String second = path(fork(fork, anyName()));
        for (String collection : new String[] {root, fork, second}) {
            client.get(collection + "/fork_count").is(200, "{'count':2}");
        }
        client.delete(COLLECTIONS + first).is(200, "{}");
        client.get(second + "/fork_count").is(200, "{'count':1}");
        client.get(second + "/count").is(200, "3");
        assertEquals(404, client.get(fork + "/fork_count").status());
    }

    @Test
    void refusesWhatCannotBeForked() {
        String source = client.collectionOfThree();
        String taken = anyName();
        path(fork(source, taken));
        fork(source, taken).isProblem(409, "ChromaError", "Collection [" + taken + "] already exists");
        fork(source, "x")
                .isInvalid("Validation error: new_name: Expected a name containing 3-512 characters from"
                        + " [a-zA-Z0-9._-], starting and ending with a character in [a-zA-Z0-9]. Got: x");
        client.post(source + "/fork", "{}").isWrongShape("missing field `new_name` at line 1 column 2");
        String unknown = UUID.randomUUID().toString();
        fork(COLLECTIONS + unknown, anyName())
                .isProblem(404, "NotFoundError", "Collection [" + unknown + "] does not exist.");
        assertEquals(
                404,
                fork(source.replace("default_database", "other"), anyName()).status());
    }
}
