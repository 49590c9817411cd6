package io.quiver.loadtest.client;

import io.quiver.flight.client.BulkClient;
import io.quiver.flight.client.BulkLoader;
import io.quiver.flight.client.BulkSearcher;
import java.net.URI;
import java.util.List;
import java.util.Random;

/**
 * Loads and searches in bulk from Java; {@code docs/flight.md} refers to it. Its argument is {@code grpc://host:port}.
 */
final class BulkExample {
    private static final int DIMENSION = 64;
    private static final int ROWS = 1_000;

    private BulkExample() {}

    /** Returns the id of the record nearest to each of the first ten. */
    static List<String> run(URI server) {
        float[] vectors = vectors();
        try (BulkClient client = BulkClient.connect(server)) {
            client.act("create_collection", "{\"name\":\"example\",\"get_or_create\":true}");
            try (BulkLoader loader = client.loader("{\"collection\":\"example\"}", DIMENSION)) {
                System.out.println(loader.add(ROWS, row -> "r" + row, vectors, 0));
            }
            try (BulkSearcher searcher = client.searcher("{\"collection\":\"example\",\"k\":3}", DIMENSION)) {
                return searcher.search(vectors, 0, 10).stream()
                        .map(found -> found.ids().getFirst())
                        .toList();
            }
        }
    }

    private static float[] vectors() {
        Random random = new Random(1);
        float[] vectors = new float[ROWS * DIMENSION];
        for (int i = 0; i < vectors.length; i++) {
            vectors[i] = random.nextFloat();
        }
        return vectors;
    }

    public static void main(String... arguments) {
        System.out.println(run(URI.create(arguments[0])));
    }
}
