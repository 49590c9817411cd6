package io.quiver.gateway.model;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.gateway.model.RandomBatch.Kind;
import io.quiver.gateway.server.RunningServer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random writes, deletes, gets, queries, counts and pages over several collections, across compactions and restarts of
 * the server: every answer is the model's, letter by letter. {@code -Dquiver.operations=} says how many.
 */
class OperationModelTest {
    private static final int OPERATIONS = Integer.getInteger("quiver.operations", 400);
    private static final int RESTARTS = 5;
    private static final int IDS = 120;
    private static final List<String> COLUMNS = List.of("documents", "embeddings", "metadatas", "uris", "distances");

    private final long seed = Long.getLong("quiver.seed", System.nanoTime());
    private final RandomDraw draw = new RandomDraw(seed);
    private final RandomValues values = new RandomValues(draw);
    private final RandomClauses clauses = new RandomClauses(draw, values, this::id);
    private final List<TwinCollection> twins = new ArrayList<>();
    private int sealedMost;

    @TempDir
    Path directory;

    @Test
    void answersAsTheModelDoesAcrossCompactionsAndRestarts() {
        System.out.printf("OperationModelTest: seed %d%n", seed);
        for (int life = 0; life <= RESTARTS; life++) {
            try (RunningServer server = RunningServer.start(directory, flags());
                    JsonClient client = new JsonClient(server.http())) {
                createOnce(client);
                twins.forEach(twin -> assertAll(client, twin));
                for (int i = 0; i < OPERATIONS / (RESTARTS + 1); i++) {
                    operate(client, draw.of(twins));
                }
                twins.forEach(twin -> sealedMost = Math.max(sealedMost, twin.sealedCount(client)));
            }
        }
        assertTrue(sealedMost > 0, "nothing was ever compacted");
    }

    /** Small deltas, so that there are many compactions; in some lives they come by age too. */
    private Map<String, String> flags() {
        return Map.of(
                "delta.rows-max",
                Integer.toString(20 + draw.below(100)),
                "compaction.age-max",
                draw.oneIn(2) ? "100 ms" : "1 min");
    }

    private void createOnce(JsonClient client) {
        if (twins.isEmpty()) {
            twins.add(new TwinCollection(client.create("twin-1", "l2"), new ModelCollection(false)));
            twins.add(new TwinCollection(client.create("twin-2", "ip"), new ModelCollection(true)));
            twins.add(new TwinCollection(client.create("twin-3", "l2"), new ModelCollection(false)));
        }
    }

    private void operate(JsonClient client, TwinCollection twin) {
        switch (draw.below(10)) {
            case 0, 1 -> twin.write(client, batch(Kind.ADD));
            case 2 -> twin.write(client, batch(Kind.UPSERT));
            case 3 -> twin.write(client, batch(Kind.UPDATE));
            case 4 -> delete(client, twin);
            case 5 -> twin.assertCount(client);
            case 6 -> twin.assertGet(client, selected(), draw.below(20), draw.below(30), include(4));
            case 7 -> assertPages(client, twin);
            default -> query(client, twin);
        }
    }

    private RandomBatch batch(Kind kind) {
        return RandomBatch.draw(draw, values, kind, draw.several(0, 25, this::id));
    }

    private void delete(JsonClient client, TwinCollection twin) {
        if (draw.oneIn(2)) {
            twin.delete(client, new Selected(draw.several(1, 6, this::id), null, null), null);
        } else {
            Selected selected = new Selected(draw.oneIn(3) ? ids() : null, clauses.where(2), null);
            twin.delete(client, selected, draw.oneIn(2) ? draw.below(8) : null);
        }
    }

    private void query(JsonClient client, TwinCollection twin) {
        List<List<Integer>> queries = draw.several(0, 3, values::embedding);
        twin.assertQuery(client, selected(), queries, draw.below(40), include(5));
    }

    /** Page after page until one past the end. */
    private void assertPages(JsonClient client, TwinCollection twin) {
        Selected selected = draw.oneIn(2) ? Selected.ALL : selected();
        int limit = 10 + draw.below(40);
        for (int offset = 0; offset <= twin.size(); offset += limit) {
            twin.assertGet(client, selected, offset, limit, include(4));
        }
    }

    private void assertAll(JsonClient client, TwinCollection twin) {
        twin.assertCount(client);
        twin.assertGet(client, Selected.ALL, 0, null, COLUMNS.subList(0, 4));
        twin.assertQuery(client, Selected.ALL, List.of(values.embedding()), IDS, COLUMNS);
    }

    private Selected selected() {
        return new Selected(
                draw.oneIn(4) ? ids() : null,
                draw.oneIn(2) ? clauses.where(2) : null,
                draw.oneIn(4) ? clauses.whereDocument(2) : null);
    }

    /** Some of the first columns, in any order. */
    private List<String> include(int count) {
        List<String> columns = new ArrayList<>(COLUMNS.subList(0, count));
        Collections.shuffle(columns, new Random(draw.below(1_000)));
        return List.copyOf(columns.subList(0, draw.below(count + 1)));
    }

    private List<String> ids() {
        return draw.several(0, 30, this::id);
    }

    private String id() {
        return "id " + draw.below(IDS);
    }
}
