package io.quiver.loadtest.torture;

import io.quiver.loadtest.door.HttpConnection;
import io.quiver.loadtest.door.RefusedException;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.LockSupport;

/**
 * One writer: adds, overwrites, updates and deletes whole batches until the server is gone, and notes each request
 * before it is sent and each acknowledgement after it came. Batches of a writer are its own.
 */
final class Writer {
    private static final int BATCH_MAX = 40;
    private static final int LIVE_BATCHES_MAX = 60;
    private static final int COME_AGAIN_LATER = 429;
    private static final long PAUSE_NANOS = 20_000_000;

    private final int number;
    private final SplittableRandom random;
    private final ConcurrentMap<Integer, BatchState> batches = new ConcurrentHashMap<>();
    private int nextBatch;
    private long acknowledged;

    Writer(int number, SplittableRandom random) {
        this.number = number;
        this.random = random;
    }

    int number() {
        return number;
    }

    ConcurrentMap<Integer, BatchState> batches() {
        return batches;
    }

    long acknowledged() {
        return acknowledged;
    }

    /** Writes until the connection breaks; a refusal other than "come again later" is an error. */
    void writeUntilKilled(URI server, String collectionPath) throws RefusedException {
        try (HttpConnection connection = new HttpConnection(server)) {
            while (!Thread.currentThread().isInterrupted()) {
                step(connection, collectionPath);
            }
        } catch (RefusedException e) {
            throw e;
        } catch (IOException e) {
            // The kill: what was pending stays so until the next verification.
        }
    }

    private void step(HttpConnection connection, String path) throws IOException {
        List<Integer> live = live();
        int dice = random.nextInt(10);
        if (live.isEmpty() || (dice < 6 && live.size() < LIVE_BATCHES_MAX)) {
            int batch = nextBatch++;
            batches.put(batch, new BatchState(1 + random.nextInt(BATCH_MAX), 0, null));
            send(connection, path + "/add", batch, 1);
        } else {
            int batch = live.get(random.nextInt(live.size()));
            if (dice < 8 && live.size() < LIVE_BATCHES_MAX) {
                String operation = dice == 6 ? "/upsert" : "/update";
                send(connection, path + operation, batch, state(batch).version() + 1);
            } else {
                send(connection, path + "/delete", batch, 0);
            }
        }
    }

    private void send(HttpConnection connection, String path, int batch, int version) throws IOException {
        BatchState before = state(batch);
        BatchState asking = before.asking(version);
        batches.put(batch, asking);
        byte[] body = body(batch, asking.size(), version).getBytes(StandardCharsets.UTF_8);
        HttpConnection.Answer answer = connection.send("POST", path, body);
        if (answer.status() == COME_AGAIN_LATER) {
            batches.put(batch, before);
            LockSupport.parkNanos(PAUSE_NANOS);
            return;
        }
        answer.expectSuccess();
        batches.put(batch, asking.acknowledged());
        acknowledged++;
    }

    private BatchState state(int batch) {
        return Objects.requireNonNull(batches.get(batch), "a batch of this writer");
    }

    private List<Integer> live() {
        List<Integer> live = new ArrayList<>();
        batches.forEach((batch, state) -> {
            if (state.version() > 0) {
                live.add(batch);
            }
        });
        return live;
    }

    /** Records of one version carry it in their metadata, in their document and in their embedding. */
    private String body(int batch, int size, int version) {
        StringBuilder ids = new StringBuilder();
        StringBuilder rest = new StringBuilder();
        StringBuilder metadatas = new StringBuilder();
        StringBuilder documents = new StringBuilder();
        for (int i = 0; i < size; i++) {
            String comma = i == 0 ? "" : ",";
            ids.append(comma).append('"').append(id(batch, i)).append('"');
            rest.append(comma).append("[%d,%d,%d,%d]".formatted(number, batch, i, version));
            metadatas.append(comma).append("{\"batch\":%d,\"version\":%d}".formatted(batch, version));
            documents.append(comma).append("\"version ").append(version).append('"');
        }
        return version == 0
                ? "{\"ids\":[" + ids + "]}"
                : "{\"ids\":[" + ids + "],\"embeddings\":[" + rest + "],\"metadatas\":[" + metadatas
                        + "],\"documents\":[" + documents + "]}";
    }

    private String id(int batch, int i) {
        return number + "-" + batch + "-" + i;
    }
}
