package io.quiver.log;

import io.quiver.log.record.CollectionId;
import io.quiver.log.record.MetadataValue;
import io.quiver.log.record.Operation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which metadata keys, with which kinds of values, the catalog knows already, so that most writes need not ask it. A
 * bounded memory: what is forgotten is asked again. Safe on every thread.
 */
final class NotedKeys {
    private static final int COLLECTIONS_MAX = 10_000;

    /** More than the catalog notes of a collection. */
    private static final int KEYS_MAX = 4_096;

    /** By key, the kinds as bits. */
    private final Map<CollectionId, Map<String, Integer>> collections = new ConcurrentHashMap<>();

    /**
     * Keys and kinds that are not noted yet, as examples. Usually there are none; a key with values of several kinds is
     * in as many maps.
     */
    List<Map<String, MetadataValue>> unknown(CollectionId collection, List<Operation> operations) {
        Map<String, Integer> noted = collections.getOrDefault(collection, Map.of());
        List<Map<String, MetadataValue>> rounds = new ArrayList<>();
        Map<String, Integer> found = new LinkedHashMap<>();
        for (Operation operation : operations) {
            RecordRules.metadata(operation).forEach((key, value) -> {
                int kind = kind(value);
                int known = noted.getOrDefault(key, 0) | found.getOrDefault(key, 0);
                if ((known & kind) != kind && noted.size() < KEYS_MAX) {
                    found.merge(key, kind, (one, other) -> one | other);
                    addExample(rounds, key, value);
                }
            });
        }
        return rounds;
    }

    private static void addExample(List<Map<String, MetadataValue>> rounds, String key, MetadataValue value) {
        for (Map<String, MetadataValue> round : rounds) {
            if (round.putIfAbsent(key, value) == null) {
                return;
            }
        }
        Map<String, MetadataValue> round = new LinkedHashMap<>();
        round.put(key, value);
        rounds.add(round);
    }

    void note(CollectionId collection, Map<String, MetadataValue> examples) {
        if (collections.size() > COLLECTIONS_MAX) {
            collections.clear();
        }
        Map<String, Integer> noted = collections.computeIfAbsent(collection, _ -> new ConcurrentHashMap<>());
        examples.forEach((key, value) -> noted.merge(key, kind(value), (one, other) -> one | other));
    }

    /** A bit for each kind; none for an empty array, which is of no kind. */
    private static int kind(MetadataValue value) {
        return switch (value) {
            case MetadataValue.Bool _ -> 1;
            case MetadataValue.Int _ -> 1 << 1;
            case MetadataValue.Real _ -> 1 << 2;
            case MetadataValue.Text _ -> 1 << 3;
            case MetadataValue.Array(var values) -> values.isEmpty() ? 0 : kind(values.getFirst()) << 4;
            case MetadataValue.Sparse _ -> 1 << 8;
        };
    }
}
