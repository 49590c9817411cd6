package io.quiver.loadtest.pgvector;

import io.quiver.loadtest.data.DataSet;
import io.quiver.loadtest.data.Vectors;
import io.quiver.loadtest.run.ServerUsage;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntBinaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Nearest records among those with a value of an integer key, as PostgreSQL finds them: a table with embeddings beside
 * the keys, an index on each key, and one of pgvector on the embeddings. Scripts take queries from a table, so that no
 * text of an embedding is parsed for them.
 */
public final class PgvectorFilters {
    private static final int K = 10;

    /** So many clients were fastest on two cores. */
    private static final int CLIENTS = 4;

    private final PgvectorServer server;
    private final DataSet set;
    private final Path scripts;

    public PgvectorFilters(PgvectorServer server, DataSet set, Path scripts) {
        this.server = server;
        this.set = set;
        this.scripts = scripts;
    }

    /**
     * A way to find them.
     *
     * @param settings of a session, as {@code -c name=value}
     */
    public record Way(String name, String settings) {
        /** By the key's index and every row it has, and by the graph with beams of several widths. */
        public static List<Way> all() {
            List<Way> ways = new ArrayList<>();
            ways.add(new Way("rows of the key", "-c enable_indexscan=off"));
            for (int ef : new int[] {40, 100, 200, 400}) {
                String beam = " -c hnsw.iterative_scan=relaxed_order -c hnsw.ef_search=" + ef;
                ways.add(new Way("graph, ef " + ef, "-c enable_bitmapscan=off -c enable_sort=off" + beam));
            }
            return ways;
        }
    }

    /**
     * Loads records and queries, and makes the indexes.
     *
     * @param value of a record's key of some cardinality
     */
    public void load(List<Integer> cardinalities, IntBinaryOperator value) throws IOException {
        String keys = cardinalities.stream().map(key -> "i" + key + " int, ").collect(Collectors.joining());
        int dimension = set.base().dimension();
        server.query("create table items (id int, %se vector(%d))".formatted(keys, dimension));
        server.query("create table queries (id int primary key, q vector(%d))".formatted(dimension));
        server.query("alter table items alter e set storage plain; alter table queries alter q set storage plain");
        server.copy("items", writer -> {
            for (int row = 0; row < set.base().count(); row++) {
                writer.append(Integer.toString(row)).append('\t');
                for (int cardinality : cardinalities) {
                    writer.append(Integer.toString(value.applyAsInt(row, cardinality)));
                    writer.append('\t');
                }
                append(writer, set.base(), row);
            }
        });
        server.copy("queries", writer -> {
            for (int row = 0; row < set.queries().count(); row++) {
                writer.append(Integer.toString(row)).append('\t');
                append(writer, set.queries(), row);
            }
        });
        for (int cardinality : cardinalities) {
            server.query("create index on items (i%d)".formatted(cardinality));
        }
        server.query("create index on items using hnsw (e %s)".formatted(operators()));
        server.query("vacuum analyze");
    }

    private static void append(Writer writer, Vectors vectors, int row) throws IOException {
        writer.append(Arrays.toString(vectors.copy(row)).replace(" ", "")).append('\n');
    }

    private String operators() {
        return switch (set.space()) {
            case L2 -> "vector_l2_ops";
            case COSINE -> "vector_cosine_ops";
            case IP -> "vector_ip_ops";
        };
    }

    private String distance() {
        return switch (set.space()) {
            case L2 -> "<->";
            case COSINE -> "<=>";
            case IP -> "<#>";
        };
    }

    /** Queries a second, each with another value of the key and another embedding. */
    public double perSecond(Way way, int cardinality, double seconds) throws IOException {
        Path script = scripts.resolve("i" + cardinality + ".sql");
        Files.writeString(
                script,
                "\\set query random(0, %d)%n\\set value random(0, %d)%n%s;%n"
                        .formatted(
                                set.queries().count() - 1, cardinality - 1, select(cardinality, ":value", ":query")));
        return server.perSecond(script, way.settings(), CLIENTS, seconds);
    }

    public ServerUsage usage() {
        return server.usage();
    }

    /** What the first queries find among the records with a value. */
    public int[][] nearest(Way way, int cardinality, int value, int queries) throws IOException {
        String statements = IntStream.range(0, queries)
                .mapToObj(query ->
                        "select array(%s);".formatted(select(cardinality, Integer.toString(value), "" + query)))
                .collect(Collectors.joining("\n"));
        return server.query(statements, way.settings()).stream()
                .map(PgvectorFilters::rows)
                .toArray(int[][]::new);
    }

    private static int[] rows(String braced) {
        return Arrays.stream(braced.replaceAll("[{}]", "").split(","))
                .filter(row -> !row.isEmpty())
                .mapToInt(Integer::parseInt)
                .toArray();
    }

    private String select(int cardinality, String value, String query) {
        return "select id from items where i%d = %s order by e %s (select q from queries where id = %s) limit %d"
                .formatted(cardinality, value, distance(), query, K);
    }
}
