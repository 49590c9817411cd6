package io.quiver.loadtest.overload;

import io.quiver.flight.client.RecordedCall;
import io.quiver.loadtest.data.DataSet;
import io.quiver.loadtest.door.HttpDoor;
import io.quiver.loadtest.door.QueryBody;
import io.quiver.loadtest.door.Session;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What is loaded and asked.
 *
 * @param effort a JSON field that says how hard to search
 */
public record Questions(DataSet set, String effort) {
    private static final int BATCH = 1_000;
    private static final int K = 10;
    private static final int QUESTIONS = 256;
    private static final int CALLS = 32;

    /** Makes a collection of that name and fills it. */
    void load(HttpDoor door, String collection) throws IOException {
        door.create(collection, set.space(), set.base().dimension());
        try (Session session = door.connect()) {
            for (int from = 0; from < set.base().count(); from += BATCH) {
                session.add(set.base(), from, Math.min(set.base().count(), from + BATCH));
            }
        }
    }

    /** Searches of the collection that a door uses. */
    List<Request> requests(HttpDoor door) {
        QueryBody query = new QueryBody(K, "," + effort);
        List<Request> requests = new ArrayList<>();
        for (int i = 0; i < QUESTIONS; i++) {
            int row = i % set.queries().count();
            StringBuilder body = new StringBuilder();
            query.append(body, set.queries(), row, row + 1, "same");
            requests.add(new Request(door.path() + "/query", body.toString().getBytes(StandardCharsets.US_ASCII)));
        }
        return requests;
    }

    /** Searches of a collection of the usual database, a call over Flight for so many each. */
    List<RecordedCall> calls(String collection, int perCall) {
        String json =
                "{\"collection\":\"%s\",\"k\":%d,\"include\":[\"distances\"],%s}".formatted(collection, K, effort);
        return IntStream.range(0, CALLS)
                .mapToObj(call -> RecordedCall.of(
                        json, rows(call * perCall, perCall), set.base().dimension()))
                .toList();
    }

    private float[] rows(int from, int count) {
        int dimension = set.base().dimension();
        float[] values = new float[count * dimension];
        for (int i = 0; i < count; i++) {
            set.queries().get((from + i) % set.queries().count()).copyTo(values, i * dimension);
        }
        return values;
    }
}
