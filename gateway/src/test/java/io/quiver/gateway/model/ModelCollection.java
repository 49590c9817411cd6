package io.quiver.gateway.model;

import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What a collection should hold: a map in order of insertion. */
final class ModelCollection {
    private final Map<String, ModelRecord> records = new LinkedHashMap<>();
    private final boolean isProduct;

    /** @param isProduct whether distances are by the inner product, else they are squared */
    ModelCollection(boolean isProduct) {
        this.isProduct = isProduct;
    }

    Collection<ModelRecord> records() {
        return records.values();
    }

    @Nullable ModelRecord find(String id) {
        return records.get(id);
    }

    /** A new record comes last; one that was there keeps its place. */
    void put(ModelRecord record) {
        records.put(record.id(), record);
    }

    void remove(String id) {
        records.remove(id);
    }

    List<ModelRecord> accepted(Predicate<ModelRecord> condition) {
        return records.values().stream().filter(condition).toList();
    }

    /** Of records as far away as each other, the older one comes first. */
    List<ModelRecord> nearest(List<Integer> query, Predicate<ModelRecord> condition, int limit) {
        return accepted(condition).stream()
                .sorted(Comparator.comparingDouble(record -> distance(query, record.embedding())))
                .limit(limit)
                .toList();
    }

    /** Exact, for the numbers are small. */
    float distance(List<Integer> query, List<Integer> embedding) {
        int squares = 0;
        int product = 0;
        for (int i = 0; i < query.size(); i++) {
            int difference = query.get(i) - embedding.get(i);
            squares += difference * difference;
            product += query.get(i) * embedding.get(i);
        }
        return isProduct ? 1 - product : squares;
    }
}
