package io.quiver.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.log.catalog.Collection;
import io.quiver.log.catalog.CollectionConfiguration;
import io.quiver.log.catalog.Database;
import io.quiver.log.catalog.NewCollection;
import io.quiver.log.catalog.Schema;
import io.quiver.log.catalog.SqliteCatalog;
import io.quiver.log.catalog.Tenant;
import io.quiver.log.record.CollectionId;
import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.LogOffset;
import io.quiver.log.record.Metadata;
import io.quiver.log.record.MetadataValue;
import io.quiver.log.record.Operation;
import io.quiver.log.record.QuiverException;
import io.quiver.log.storage.DiskStorage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

class RecordWriterTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    private SqliteCatalog catalog;
    private LocalLog log;
    private Applied readers;
    private RecordWriter writer;
    private Collection collection;

    @BeforeEach
    void open() throws IOException {
        catalog = SqliteCatalog.open(directory);
        log = LocalLog.open(DiskStorage.open(directory), "log", LogFixture.SMALL, LogListener.NONE);
        readers = new Applied(log);
        writer = new RecordWriter(catalog, log, readers, RecordLimits.DEFAULT);
        collection = block(catalog.createCollection(
                new NewCollection(
                        Tenant.DEFAULT,
                        Database.DEFAULT,
                        "arrows",
                        CollectionConfiguration.DEFAULT,
                        Schema.DEFAULT,
                        null),
                false));
    }

    @AfterEach
    void close() {
        readers.close();
        log.close();
        catalog.close();
    }

    @Test
    void tellsItsListenerOfWhatWasAcknowledgedAndOfNothingElse() {
        var told = new ConcurrentLinkedQueue<Integer>();
        var telling = new RecordWriter(
                catalog,
                log,
                readers,
                RecordLimits.DEFAULT,
                _ -> Usages.Usage.NOTHING,
                DerivedFields.NONE,
                (operationCount, nanos) -> told.add(operationCount));
        block(telling.write(collection, List.of(new Operation.Delete("a"), new Operation.Delete("b"))));
        assertThrows(QuiverException.class, () -> block(telling.write(collection, List.of(new Operation.Delete("")))));
        assertEquals(List.of(2), List.copyOf(told));
    }

    @Test
    void aWriteIsAnsweredWhenItIsDurableAndApplied() {
        LogOffset offset = block(writer.write(collection, SampleOperations.batch(1)));
        assertEquals(new LogOffset(1), offset);
        assertFalse(offset.isAfter(readers.applied()));
        assertEquals(SampleOperations.batch(1), LogFixture.all(log).getFirst().operations());
        assertEquals(0, writer.inFlightBytes());
    }

    @Test
    void aWriteIsNotAnsweredBeforeItIsApplied() {
        readers.pause();
        var waiting = writer.write(collection, SampleOperations.batch(1)).toFuture();
        Mono.fromSupplier(log::head)
                .repeat()
                .takeUntil(head -> head.value() == 1)
                .blockLast(PATIENCE);
        assertFalse(waiting.isDone());
        assertTrue(writer.inFlightBytes() > 0);
        readers.resume();
        assertEquals(new LogOffset(1), block(Mono.fromFuture(waiting)));
    }

    @Test
    void theFirstWriteFixesTheDimension() {
        block(writer.write(collection, List.of(new Operation.Delete("x"))));
        assertEquals(null, block(catalog.collection(collection.id())).dimension());
        block(writer.write(collection, List.of(SampleOperations.add("a", 1, 2, 3))));
        assertEquals(3, block(catalog.collection(collection.id())).dimension());
        // Also for a caller who knows the collection as it was before.
        var refusal = refusal(writer.write(collection, List.of(SampleOperations.add("b", 1, 2))));
        assertEquals("Collection expecting embedding with dimension of 3, got 2", refusal.getMessage());
        assertEquals(new LogOffset(2), log.head());
    }

    @Test
    void newKeysAndKindsAreNotedInTheSchemaOnce() {
        var text = new Metadata(Map.of("k", new MetadataValue.Text("x"), "t", new MetadataValue.Array(List.of())));
        var number = new Metadata(Map.of("k", new MetadataValue.Int(1)));
        block(writer.write(collection, List.of(SampleOperations.add("a", text), SampleOperations.add("b", number))));
        Collection noted = block(catalog.collection(collection.id()));
        Schema both = block(catalog.noteKeys(collection.id(), text.fields())).schema();
        assertEquals(both, noted.schema());
        assertEquals(noted, block(catalog.noteKeys(collection.id(), number.fields())));
        block(writer.write(noted, List.of(SampleOperations.add("c", number))));
        assertEquals(noted, block(catalog.collection(collection.id())));
    }

    @Test
    void nothingToWriteIsDoneAtOnce() {
        assertEquals(LogOffset.NONE, block(writer.write(collection, List.of())));
        block(writer.write(collection, SampleOperations.batch(1)));
        assertEquals(new LogOffset(1), block(writer.write(collection, List.of())));
        assertEquals(new LogOffset(1), log.head());
    }

    @Test
    void whatIsRefusedNeverReachesTheLog() {
        var refusal = refusal(writer.write(collection, List.of(SampleOperations.add("", 1))));
        assertEquals(ErrorCode.INVALID_ARGUMENT, refusal.code());
        assertEquals(LogOffset.NONE, log.head());
        assertEquals(0, writer.inFlightBytes());
        assertEquals(null, block(catalog.collection(collection.id())).dimension());
    }

    @Test
    void tooMuchUnderWayIsRefusedUntilSomeIsApplied() {
        var small = new RecordWriter(catalog, log, readers, RecordLimits.DEFAULT.withInFlightBytesMax(1_000));
        readers.pause();
        var waiting = small.write(collection, SampleOperations.batch(1, 900)).toFuture();
        var refusal = refusal(small.write(collection, SampleOperations.batch(2, 900)));
        assertEquals(ErrorCode.BACKOFF, refusal.code());
        readers.resume();
        block(Mono.fromFuture(waiting));
        block(small.write(collection, SampleOperations.batch(3, 900)));
    }

    @Test
    void manyWritersAreAllAnswered() {
        long answered = block(Flux.range(0, 500)
                .flatMap(i -> writer.write(collection, List.of(SampleOperations.add("id-" + i, i, 1))), 32)
                .distinct()
                .count());
        assertEquals(500, answered);
        assertEquals(0, writer.inFlightBytes());
    }

    private static QuiverException refusal(Mono<LogOffset> write) {
        return assertThrows(QuiverException.class, () -> write.block(PATIENCE));
    }

    private static <T> T block(Mono<T> mono) {
        return Objects.requireNonNull(mono.block(PATIENCE));
    }

    /** Readers that follow the log and remember how far they are. */
    private static final class Applied implements Readers, AutoCloseable {
        private final Sinks.Many<LogOffset> offsets = Sinks.many().replay().latestOrDefault(LogOffset.NONE);
        private final Disposable following;
        private volatile CountDownLatch gate = new CountDownLatch(0);
        private volatile LogOffset applied = LogOffset.NONE;

        Applied(Log log) {
            this.following = log.follow(LogOffset.NONE).subscribe(this::apply);
        }

        private void apply(LogEntry entry) {
            try {
                gate.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            applied = entry.offset();
            offsets.emitNext(entry.offset(), Sinks.EmitFailureHandler.busyLooping(PATIENCE));
        }

        void pause() {
            gate = new CountDownLatch(1);
        }

        void resume() {
            gate.countDown();
        }

        LogOffset applied() {
            return applied;
        }

        @Override
        public Mono<Void> awaitApplied(CollectionId collection, LogOffset offset) {
            return offsets.asFlux()
                    .filter(reached -> !offset.isAfter(reached))
                    .next()
                    .then();
        }

        @Override
        public Mono<Long> countKnown(CollectionId collection, Set<String> ids) {
            return Mono.error(new AssertionError("nothing is limited"));
        }

        @Override
        public Mono<Void> admitWrite(CollectionId collection, long bytes) {
            return Mono.empty();
        }

        @Override
        public void close() {
            resume();
            following.dispose();
        }
    }
}
