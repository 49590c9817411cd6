package io.quiver.executor;

import static io.quiver.executor.ExecutorFixture.scan;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.executor.query.Hits;
import io.quiver.log.record.CollectionId;
import io.quiver.log.record.Embedding;
import io.quiver.log.record.Operation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One writer gives all records of a collection one embedding a batch; readers never see two. */
class ConcurrentReadersTest {
    private static final int RECORDS = 20;
    private static final int BATCHES = 300;
    private static final int READERS = 3;

    @TempDir
    Path directory;

    private ExecutorFixture quiver;
    private CollectionId arrows;

    @BeforeEach
    void open() throws IOException {
        quiver = ExecutorFixture.open(directory, ExecutorFixture.smallDeltas(64));
        arrows = quiver.create("arrows");
    }

    @AfterEach
    void close() {
        quiver.close();
    }

    @Test
    void everyReaderSeesWholeBatches() throws Exception {
        quiver.write(arrows, batch(0));
        AtomicBoolean isDone = new AtomicBoolean();
        List<Future<Integer>> readers = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(READERS)) {
            for (int i = 0; i < READERS; i++) {
                readers.add(threads.submit(() -> read(isDone)));
            }
            for (int i = 1; i <= BATCHES; i++) {
                quiver.write(arrows, batch(i));
            }
            isDone.set(true);
        }
        for (Future<Integer> reader : readers) {
            assertTrue(reader.get() > 0);
        }
        assertEquals(Set.of(Embedding.of(BATCHES)), embeddings());
    }

    private int read(AtomicBoolean isDone) {
        int reads = 0;
        while (!isDone.get()) {
            assertEquals(1, embeddings().size());
            reads++;
        }
        return reads;
    }

    private Set<Embedding> embeddings() {
        Hits hits = quiver.one(scan(arrows));
        assertEquals(RECORDS, hits.size());
        return new HashSet<>(Objects.requireNonNull(hits.embeddings()));
    }

    private static List<Operation> batch(int value) {
        List<Operation> operations = new ArrayList<>();
        for (int i = 0; i < RECORDS; i++) {
            operations.add(ExecutorFixture.upsert("r" + i, value));
        }
        return operations;
    }
}
