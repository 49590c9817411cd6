package io.quiver.loadtest.overload;

import io.quiver.loadtest.data.DataSet;
import io.quiver.loadtest.door.HttpDoor;
import io.quiver.loadtest.door.QueryBody;
import io.quiver.loadtest.door.Session;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What is loaded and asked.
 *
 * @param effort a JSON field that says how hard to search
 */
public record Questions(DataSet set, String effort) {
    private static final int BATCH = 1_000;
    private static final int K = 10;
    private static final int QUESTIONS = 256;

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
}
