package io.quiver.gateway.model;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.gateway.model.RandomBatch.Kind;
import io.quiver.gateway.server.RunningServer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random filters through get, query and delete, over records in sealed segments and in a delta, some of them updated
 * and deleted since: always exactly the records of the model. {@code -Dquiver.filters=} says how many.
 */
class FilterModelTest {
    private static final int FILTERS = Integer.getInteger("quiver.filters", 400);
    private static final int RECORDS = 400;
    /** So that about this many rows are in the delta, and the others in segments. */
    private static final int DELTA_ROWS = 150;

    private static final int FILTERS_BETWEEN_WRITES = 10;
    private static final List<String> IDS_ONLY = List.of();
    private static final List<String> WITH_DISTANCES = List.of("distances");

    private final long seed = Long.getLong("quiver.seed", System.nanoTime());
    private final RandomDraw draw = new RandomDraw(seed);
    private final RandomValues values = new RandomValues(draw);
    private final RandomClauses clauses = new RandomClauses(draw, values, this::id);
    private final List<Clause> before = new ArrayList<>();

    @TempDir
    Path directory;

    @Test
    void findsWhatTheModelFinds() {
        System.out.printf("FilterModelTest: seed %d%n", seed);
        Map<String, String> flags = Map.of("delta.rows-max", Integer.toString(DELTA_ROWS), "logging.level", "warn");
        try (RunningServer server = RunningServer.start(directory, flags);
                JsonClient client = new JsonClient(server.http())) {
            TwinCollection twin = new TwinCollection(client.create("twin", "l2"), new ModelCollection(false));
            int sealedMost = 0;
            for (int i = 0; i < FILTERS; i++) {
                if (i % FILTERS_BETWEEN_WRITES == 0) {
                    write(client, twin);
                    sealedMost = Math.max(sealedMost, twin.sealedCount(client));
                }
                ask(client, twin);
            }
            assertTrue(sealedMost > RECORDS / 2, "too few records were ever sealed: " + sealedMost);
        }
    }

    private void write(JsonClient client, TwinCollection twin) {
        while (twin.size() < RECORDS) {
            twin.write(client, batch(Kind.ADD, RECORDS / 8));
        }
        twin.write(client, batch(draw.of(List.of(Kind.UPSERT, Kind.UPDATE)), 15));
        twin.delete(client, new Selected(ids(), null, null), null);
        twin.assertCount(client);
        Selected selected = selected();
        twin.assertGet(client, selected, 0, null, IDS_ONLY);
        twin.delete(client, selected, draw.oneIn(2) ? 1 + draw.below(20) : 20);
    }

    private RandomBatch batch(Kind kind, int most) {
        return RandomBatch.draw(draw, values, kind, draw.several(1, most, this::id));
    }

    private void ask(JsonClient client, TwinCollection twin) {
        Selected selected = selected();
        twin.assertGet(client, selected, 0, null, IDS_ONLY);
        List<List<Integer>> queries = List.of(values.embedding());
        twin.assertQuery(client, selected, queries, draw.oneIn(2) ? RECORDS * 2 : 10, WITH_DISTANCES);
    }

    /** Mostly by a {@code where}, now and then by one that was there before. */
    private Selected selected() {
        int dice = draw.below(10);
        Clause where = dice == 9 ? null : !before.isEmpty() && draw.oneIn(5) ? draw.of(before) : clauses.where(3);
        if (where != null && draw.oneIn(10)) {
            before.add(where);
        }
        boolean hasDocument = where == null || dice == 8;
        return new Selected(dice == 7 ? ids() : null, where, hasDocument ? clauses.whereDocument(3) : null);
    }

    private List<String> ids() {
        return draw.several(1, 12, this::id);
    }

    private String id() {
        return "id" + draw.below(RECORDS * 2);
    }
}
