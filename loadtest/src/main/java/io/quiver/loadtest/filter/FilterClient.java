package io.quiver.loadtest.filter;

import com.fasterxml.jackson.databind.JsonNode;
import io.quiver.loadtest.data.Vectors;
import io.quiver.loadtest.door.CollectionClient;
import io.quiver.loadtest.door.QueryBody;
import java.io.IOException;

/**
 * Asks a collection within filters. Each question carries a field of its own, which servers ignore, so that none is
 * answered from a cache of answers. Belongs to one thread.
 */
final class FilterClient {
    private final CollectionClient collection;
    private long questions;

    FilterClient(CollectionClient collection) {
        this.collection = collection;
    }

    /** The path of the collection, without a slash at its end. */
    String path() {
        return collection.path();
    }

    /** How many of at most {@code limit} ids were found. */
    int get(String filter, int limit) throws IOException {
        String body = "{%s,\"limit\":%d,\"include\":[],\"nonce\":%d}".formatted(filter, limit, questions++);
        return collection.post("/get", body).get("ids").size();
    }

    /** The rows that were found nearest. */
    int[] query(QueryBody form, Vectors queries, int query) throws IOException {
        StringBuilder body = new StringBuilder();
        form.append(body, queries, query, query + 1, Long.toString(questions++));
        JsonNode ids = collection.post("/query", body.toString()).get("ids").get(0);
        int[] rows = new int[ids.size()];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = Integer.parseInt(ids.get(i).textValue());
        }
        return rows;
    }
}
