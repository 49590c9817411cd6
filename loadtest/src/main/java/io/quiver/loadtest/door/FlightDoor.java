package io.quiver.loadtest.door;

import io.quiver.flight.client.BulkClient;
import io.quiver.flight.client.BulkLoader;
import io.quiver.flight.client.BulkSearcher;
import io.quiver.loadtest.data.Vectors;
import io.quiver.log.catalog.Space;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A server's Flight door. */
public final class FlightDoor implements Door {
    private final URI server;
    private final String fields;
    private @Nullable String collection;

    public FlightDoor(URI server) {
        this(server, "");
    }

    /** @param fields of each search, beside what it always says; each with a comma before it */
    public FlightDoor(URI server, String fields) {
        this.server = server;
        this.fields = fields;
    }

    @Override
    public String name() {
        return "Flight";
    }

    @Override
    public void create(String name, Space space, int dimension) {
        try (BulkClient client = BulkClient.connect(server)) {
            client.act("create_collection", "{\"name\":\"%s\",\"get_or_create\":true}".formatted(name));
            client.act("drop_collection", "{\"collection\":\"%s\"}".formatted(name));
            String wanted = """
                    {"name":"%s","configuration":{"hnsw":{"space":"%s"}}}""".formatted(name, space.wireName());
            client.act("create_collection", wanted);
        }
        use(name);
    }

    @Override
    public void use(String name) {
        collection = name;
    }

    @Override
    public Session connect() {
        if (collection == null) {
            throw new IllegalStateException("no collection yet");
        }
        return new FlightSession(BulkClient.connect(server), collection, fields);
    }

    /** One connection; opens a stream of a kind when it is first used. */
    private static final class FlightSession implements Session {
        private final BulkClient client;
        private final String collection;
        private final String fields;
        private @Nullable BulkLoader loader;
        private @Nullable BulkSearcher searcher;

        FlightSession(BulkClient client, String collection, String fields) {
            this.client = client;
            this.collection = collection;
            this.fields = fields;
        }

        @Override
        public void add(Vectors vectors, int from, int to) {
            if (loader == null) {
                loader = client.loader(
                        "{\"collection\":\"%s\",\"operation\":\"add\"}".formatted(collection), vectors.dimension());
            }
            for (int row = from; row < to; ) {
                int end = Math.min(to, vectors.endOfRun(row));
                int first = row;
                loader.add(end - row, i -> Integer.toString(first + i), vectors.chunk(row), vectors.at(row));
                row = end;
            }
        }

        @Override
        public int[][] search(Vectors queries, int from, int to, int k) {
            if (searcher == null) {
                searcher = client.searcher(
                        "{\"collection\":\"%s\",\"k\":%d,\"include\":[\"distances\"]%s}"
                                .formatted(collection, k, fields),
                        queries.dimension());
            }
            float[] values = new float[(to - from) * queries.dimension()];
            for (int query = from; query < to; query++) {
                queries.get(query).copyTo(values, (query - from) * queries.dimension());
            }
            List<BulkSearcher.Found> found = searcher.search(values, 0, to - from);
            return found.stream().map(FlightSession::rows).toArray(int[][]::new);
        }

        private static int[] rows(BulkSearcher.Found found) {
            return found.ids().stream().mapToInt(Integer::parseInt).toArray();
        }

        @Override
        public void close() {
            if (loader != null) {
                loader.close();
            }
            if (searcher != null) {
                searcher.close();
            }
            client.close();
        }
    }
}
