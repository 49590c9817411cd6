package io.quiver.loadtest;

import io.quiver.loadtest.data.DataSet;
import io.quiver.loadtest.data.Recall;
import io.quiver.loadtest.door.Door;
import io.quiver.loadtest.door.Session;
import io.quiver.loadtest.run.Load;
import io.quiver.loadtest.run.Measurement;
import io.quiver.loadtest.run.ServerUsage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBar;

/** Loads and searches one data set through one door. */
record DoorBench(
        Door door, DataSet set, ServerUsage usage, int k, int connections, int batch, int queryBatch, int singles) {
    private static final int LOADERS = 4;
    private static final int WARM_UP_QUERIES = 500;

    /** Loads the whole set in durable batches; waits for nothing but the acknowledgements. */
    List<Measurement> load() throws IOException {
        String collection = "bench-" + door.name().toLowerCase(Locale.ROOT);
        door.create(collection, set.space(), set.base().dimension());
        int rows = set.base().count();
        return List.of(run(
                new Load<>(
                        door.name() + " load x" + batch,
                        (rows + batch - 1) / batch,
                        LOADERS,
                        0,
                        door::connect,
                        (session, request) -> {
                            int from = request * batch;
                            int to = Math.min(from + batch, rows);
                            session.add(set.base(), from, to);
                            return to - from;
                        }),
                rows));
    }

    /** Single queries on one connection and on many, batches, and an open loop at a share of what many reached. */
    List<Measurement> search(double openLoopLoad) throws IOException {
        searching(
                "warm-up",
                1,
                connections,
                0,
                Math.min(WARM_UP_QUERIES, set.queries().count()));
        List<Measurement> measured = new ArrayList<>();
        int all = set.queries().count();
        int single = Math.min(all, singles);
        measured.add(searching("one connection", 1, 1, 0, Math.min(single, 1_000)));
        Measurement closed = searching(connections + " connections", 1, connections, 0, single);
        measured.add(closed);
        measured.add(searching("batches of " + queryBatch, queryBatch, 2, 0, all));
        double rate = closed.perSecond() * openLoopLoad;
        measured.add(searching("open loop %.0f/s".formatted(rate), 1, connections, rate, single));
        return measured;
    }

    private Measurement searching(String what, int perRequest, int sessions, double rate, int queries)
            throws IOException {
        int[][] found = new int[queries][];
        Measurement measured = run(
                new Load<>(
                        door.name() + ' ' + what,
                        (queries + perRequest - 1) / perRequest,
                        sessions,
                        rate,
                        door::connect,
                        (session, request) -> search(session, request * perRequest, perRequest, found)),
                queries);
        return measured.withRecall(recall(found));
    }

    private int search(Session session, int from, int perRequest, int[][] found) throws IOException {
        int to = Math.min(from + perRequest, found.length);
        int[][] rows = session.search(set.queries(), from, to, k);
        System.arraycopy(rows, 0, found, from, to - from);
        return to - from;
    }

    private double recall(int[][] found) {
        Recall recall = new Recall(set);
        for (int query = 0; query < found.length; query++) {
            recall.add(query, found[query] == null ? new int[0] : found[query], k);
        }
        return recall.value();
    }

    private Measurement run(Load<Session> load, int operations) throws IOException {
        try (ProgressBar bar = new ProgressBar(load.name(), operations)) {
            return load.run(usage, bar::stepBy);
        }
    }
}
