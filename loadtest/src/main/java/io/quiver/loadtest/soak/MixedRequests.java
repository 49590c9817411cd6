package io.quiver.loadtest.soak;

import io.quiver.loadtest.data.DataSet;
import io.quiver.loadtest.data.Vectors;
import io.quiver.loadtest.door.QueryBody;
import io.quiver.loadtest.overload.Request;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import java.util.function.IntUnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What an application asks of its collection, drawn at random but in a fixed mixture: searches, some with a filter,
 * records by id, upserts, deletes. Every id is one of the data set's, so that the collection keeps its size: what is
 * deleted comes back with some later upsert. Made before it is sent, for what the client spends is missing to the
 * server.
 *
 * @param path of the collection
 */
record MixedRequests(DataSet set, String path, SplittableRandom random) {
    private static final int K = 10;
    private static final int GROUPS = 100;
    private static final int GOT = 10;
    private static final int UPSERTED = 10;
    private static final int DELETED = 5;
    private static final int LOADED = 500;

    /** Of so many requests one deletes, two upsert, two get, two search with a filter, the others without. */
    private static final int MIXTURE = 20;

    /** Upserts that bring all records in. */
    List<Request> load() {
        List<Request> load = new ArrayList<>();
        for (int from = 0; from < count(); from += LOADED) {
            int first = from;
            load.add(upsert(Math.min(LOADED, count() - from), row -> first + row));
        }
        return load;
    }

    List<Request> draw(int count) {
        return IntStream.range(0, count).mapToObj(i -> draw()).toList();
    }

    private Request draw() {
        return switch (random.nextInt(MIXTURE)) {
            case 0 -> request("/delete", ids(DELETED) + "}");
            case 1, 2 -> upsert(UPSERTED, _ -> random.nextInt(count()));
            case 3, 4 -> request("/get", ids(GOT) + ",\"include\":[\"embeddings\",\"metadatas\"]}");
            case 5, 6 -> query(",\"where\":{\"group\":%d}".formatted(random.nextInt(GROUPS)));
            default -> query("");
        };
    }

    private int count() {
        return set.base().count();
    }

    private String ids(int count) {
        return IntStream.range(0, count)
                .mapToObj(_ -> "\"" + random.nextInt(count()) + "\"")
                .distinct()
                .collect(Collectors.joining(",", "{\"ids\":[", "]"));
    }

    private Request query(String fields) {
        StringBuilder body = new StringBuilder();
        int row = random.nextInt(set.queries().count());
        new QueryBody(K, fields).append(body, set.queries(), row, row + 1, "mixed");
        return request("/query", body.toString());
    }

    private Request upsert(int rows, IntUnaryOperator id) {
        int[] ids = IntStream.range(0, rows).map(id).distinct().toArray();
        String names = join(ids, row -> "\"" + row + "\"");
        String embeddings = join(ids, row -> '"' + base64(set.base(), row) + '"');
        String metadatas = join(ids, row -> "{\"group\":%d}".formatted(row % GROUPS));
        return request(
                "/upsert",
                "{\"ids\":[%s],\"embeddings\":[%s],\"metadatas\":[%s]}".formatted(names, embeddings, metadatas));
    }

    private static String join(int[] ids, IntFunction<String> text) {
        return IntStream.of(ids).mapToObj(text).collect(Collectors.joining(","));
    }

    private static String base64(Vectors vectors, int row) {
        byte[] bytes = new byte[vectors.dimension() * Float.BYTES];
        vectors.get(row).copyTo(MemorySegment.ofArray(bytes), 0);
        return Base64.getEncoder().encodeToString(bytes);
    }

    private Request request(String operation, String body) {
        return new Request(path + operation, body.getBytes(StandardCharsets.US_ASCII));
    }
}
