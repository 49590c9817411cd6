package io.quiver.executor.query;

import io.quiver.log.record.QuiverException;
import java.util.List;

/**
 * Which of the records scored are kept: of those that have the same values under {@code keys}, the first {@code k} in
 * an order of their own.
 *
 * <p>Records that lack a key have that in common. Numbers are equal and ordered across integers and floating-point
 * numbers. What is absent is the least, then come truth values, numbers and texts; for the order an array counts as
 * absent. Records that tie keep the order of their scores.
 *
 * @param keys of metadata, 1 to {@link #KEYS_MAX}
 * @param order what the records of a group are ordered by: keys of metadata, or {@link #SCORE}; 1 to {@link #KEYS_MAX}
 * @param isDescending the greatest are kept, not the least
 * @param k records kept of a group, at least 1
 */
public record GroupBy(List<String> keys, List<String> order, boolean isDescending, int k) {
    /** Stands for the score where keys are expected. */
    public static final String SCORE = "#score";

    public static final int KEYS_MAX = 32;

    public GroupBy {
        keys = List.copyOf(keys);
        order = List.copyOf(order);
        require(!keys.isEmpty() && keys.size() <= KEYS_MAX, "keys: Expected 1 to %d keys".formatted(KEYS_MAX));
        require(
                keys.stream().noneMatch(key -> key.startsWith("#")),
                "keys: Expected keys of metadata, got one that begins with #");
        require(
                !order.isEmpty() && order.size() <= KEYS_MAX,
                "aggregate.keys: Expected 1 to %d keys".formatted(KEYS_MAX));
        require(
                order.stream().allMatch(key -> key.equals(SCORE) || !key.startsWith("#")),
                "aggregate.keys: Expected %s or keys of metadata, got another one that begins with #".formatted(SCORE));
        require(k >= 1, "aggregate.k: Expected at least 1, got " + k);
    }

    private static void require(boolean isTrue, String otherwise) {
        if (!isTrue) {
            throw QuiverException.invalid("Validation error: group_by." + otherwise);
        }
    }
}
