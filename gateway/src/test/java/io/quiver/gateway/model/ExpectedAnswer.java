package io.quiver.gateway.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.function.Function;

/** The whole answer to a get or a query, as the contract has it: a column that was not asked for is null. */
final class ExpectedAnswer {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final ObjectNode answer = JSON.objectNode();
    private final List<String> include;
    private final boolean isNested;

    private ExpectedAnswer(List<String> include, boolean isNested) {
        this.include = include;
        this.isNested = isNested;
    }

    static JsonNode toGet(List<ModelRecord> found, List<String> include) {
        return new ExpectedAnswer(include, false).with(List.of(found));
    }

    static JsonNode toQuery(
            ModelCollection model, List<List<Integer>> queries, List<List<ModelRecord>> found, List<String> include) {
        ExpectedAnswer expected = new ExpectedAnswer(include, true);
        ObjectNode answer = expected.with(found);
        answer.set("distances", include.contains("distances") ? distances(model, queries, found) : JSON.nullNode());
        return answer;
    }

    private ObjectNode with(List<List<ModelRecord>> found) {
        answer.set("ids", column(found, record -> JSON.textNode(record.id())));
        put("embeddings", found, ExpectedAnswer::embedding);
        put("documents", found, record -> JSON.textNode(record.document()));
        put("uris", found, record -> JSON.textNode(record.uri()));
        put("metadatas", found, ExpectedAnswer::metadata);
        ArrayNode asked = answer.putArray("include");
        include.forEach(asked::add);
        return answer;
    }

    private void put(String name, List<List<ModelRecord>> found, Function<ModelRecord, JsonNode> value) {
        answer.set(name, include.contains(name) ? column(found, value) : JSON.nullNode());
    }

    private JsonNode column(List<List<ModelRecord>> found, Function<ModelRecord, JsonNode> value) {
        ArrayNode lists = JSON.arrayNode();
        for (List<ModelRecord> records : found) {
            ArrayNode list = lists.addArray();
            records.forEach(record -> list.add(value.apply(record)));
        }
        return isNested ? lists : lists.get(0);
    }

    private static JsonNode embedding(ModelRecord record) {
        ArrayNode numbers = JSON.arrayNode();
        record.embedding().forEach(number -> numbers.add((double) number));
        return numbers;
    }

    private static JsonNode metadata(ModelRecord record) {
        return record.metadata().isEmpty() ? JSON.nullNode() : JSON.objectNode().setAll(record.metadata());
    }

    private static ArrayNode distances(
            ModelCollection model, List<List<Integer>> queries, List<List<ModelRecord>> found) {
        ArrayNode lists = JSON.arrayNode();
        for (int i = 0; i < queries.size(); i++) {
            ArrayNode list = lists.addArray();
            List<Integer> query = queries.get(i);
            found.get(i).forEach(record -> list.add((double) model.distance(query, record.embedding())));
        }
        return lists;
    }
}
