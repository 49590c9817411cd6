package io.quiver.compactor;

import io.quiver.executor.filter.FilterMatcher;
import io.quiver.executor.query.Filter;
import io.quiver.log.catalog.Space;
import io.quiver.log.record.Embedding;
import io.quiver.log.record.Operation;
import io.quiver.log.record.VectorRecord;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a collection should hold, by the plainest means: a map in order of insertion. */
final class ModelCollection {
    private final Map<String, VectorRecord> records = new LinkedHashMap<>();

    ModelCollection() {}

    ModelCollection(ModelCollection other) {
        records.putAll(other.records);
    }

    void apply(List<Operation> operations) {
        for (Operation operation : operations) {
            VectorRecord next = operation.applyTo(records.get(operation.id()));
            if (next == null) {
                records.remove(operation.id());
            } else {
                records.put(operation.id(), next);
            }
        }
    }

    List<VectorRecord> accepted(Filter filter) {
        FilterMatcher matcher = FilterMatcher.compile(filter);
        return records.values().stream()
                .filter(record -> matcher.accepts(record.id(), record.metadata(), record.document()))
                .toList();
    }

    /** A stable sort of the order of insertion. */
    List<VectorRecord> nearest(Embedding query, int k, Filter filter, Space space) {
        return accepted(filter).stream()
                .sorted(Comparator.comparingDouble(record -> distance(query, record.embedding(), space)))
                .limit(k)
                .toList();
    }

    /** Exact for whole numbers that are small. */
    static double distance(Embedding one, Embedding other, Space space) {
        double sum = 0;
        for (int i = 0; i < one.dimension(); i++) {
            double difference = one.at(i) - other.at(i);
            sum += space == Space.L2 ? difference * difference : one.at(i) * other.at(i);
        }
        return space == Space.L2 ? sum : 1 - sum;
    }
}
