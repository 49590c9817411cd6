package io.quiver.gateway.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One collection twice: on the server and as a model. What is done, is done to both; what is asked, both must answer.
 */
final class TwinCollection {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final String id;
    private final ModelCollection model;

    /** @param id of the collection on the server, which is empty */
    TwinCollection(String id, ModelCollection model) {
        this.id = id;
        this.model = model;
    }

    int size() {
        return model.records().size();
    }

    void write(JsonClient client, RandomBatch batch) {
        JsonNode answer = client.post(id, batch.kind().route, batch.json(), batch.kind().status);
        assertEquals(JSON.objectNode(), answer);
        batch.applyTo(model);
    }

    /** Deletes by a filter, the oldest first; or by ids alone, where existing and missing ones count. */
    void delete(JsonClient client, Selected selected, @Nullable Integer limit) {
        ObjectNode body = body(selected);
        List<ModelRecord> found = model.accepted(selected.meaning());
        if (limit != null) {
            body.put("limit", limit);
            found = found.stream().limit(limit).toList();
        }
        int deleted = selected.hasWhere() || selected.ids() == null
                ? found.size()
                : selected.ids().size();
        assertEquals(
                JSON.objectNode().put("deleted", deleted),
                client.post(id, "delete", body, 200),
                () -> "delete " + body);
        found.forEach(record -> model.remove(record.id()));
    }

    /** What a get finds, whole or a page of it. */
    void assertGet(JsonClient client, Selected selected, int offset, @Nullable Integer limit, List<String> include) {
        ObjectNode body = body(selected).put("offset", offset);
        if (limit != null) {
            body.put("limit", limit);
        }
        body.set("include", texts(include));
        Stream<ModelRecord> page = model.accepted(selected.meaning()).stream().skip(offset);
        List<ModelRecord> expected = (limit == null ? page : page.limit(limit)).toList();
        JsonNode answer = client.post(id, "get", body, 200);
        assertSameIds(expected, answer, body);
        assertSame(ExpectedAnswer.toGet(expected, include), answer, "get", body);
    }

    /** What a query finds: the nearest, and of those as near as each other the oldest. */
    void assertQuery(
            JsonClient client, Selected selected, List<List<Integer>> queries, int limit, List<String> include) {
        ObjectNode body = body(selected).put("n_results", limit);
        ArrayNode embeddings = body.putArray("query_embeddings");
        queries.forEach(query -> query.forEach(embeddings.addArray()::add));
        body.set("include", texts(include));
        List<List<ModelRecord>> expected = queries.stream()
                .map(query -> model.nearest(query, selected.meaning(), limit))
                .toList();
        JsonNode wanted = ExpectedAnswer.toQuery(model, queries, expected, include);
        assertSame(wanted, client.post(id, "query", body, 200), "query", body);
    }

    void assertCount(JsonClient client) {
        assertEquals(size(), client.get(id, "count").intValue());
    }

    /** Records in sealed segments. */
    int sealedCount(JsonClient client) {
        return client.get(id, "indexing_status").get("num_indexed_ops").intValue();
    }

    /** Says which record makes the difference, and what is in it. */
    private void assertSameIds(List<ModelRecord> expected, JsonNode answer, ObjectNode body) {
        Set<String> wanted = expected.stream().map(ModelRecord::id).collect(Collectors.toCollection(TreeSet::new));
        Set<String> found = new TreeSet<>();
        answer.get("ids").forEach(each -> found.add(each.textValue()));
        for (String each : wanted) {
            assertTrue(found.contains(each), () -> "missing " + model.find(each) + " from get " + body);
        }
        for (String each : found) {
            assertTrue(wanted.contains(each), () -> "too much " + model.find(each) + " in get " + body);
        }
    }

    private static void assertSame(JsonNode expected, JsonNode answer, String what, ObjectNode body) {
        assertEquals(JsonClient.parse(expected.toString()), answer, () -> what + " " + body);
    }

    private static ObjectNode body(Selected selected) {
        ObjectNode body = JSON.objectNode();
        selected.writeTo(body);
        return body;
    }

    private static ArrayNode texts(List<String> texts) {
        ArrayNode all = JSON.arrayNode();
        texts.forEach(all::add);
        return all;
    }
}
