package io.quiver.gateway.admission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quiver.executor.query.Deadline;
import io.quiver.log.catalog.Collection;
import io.quiver.log.catalog.Database;
import io.quiver.log.catalog.NewCollection;
import io.quiver.log.catalog.Space;
import io.quiver.log.catalog.SqliteCatalog;
import io.quiver.log.catalog.Tenant;
import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.LogOffset;
import io.quiver.log.record.QuiverException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.scheduler.VirtualTimeScheduler;

class BulkWritesTest {
    private static final Rate RATE = new Rate(1_000, 10_000);

    @TempDir
    Path directory;

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private VirtualTimeScheduler time;
    private SqliteCatalog catalog;
    private Collection collection;
    private Admission admission;
    private BulkWrites writes;

    @BeforeEach
    void open() throws IOException {
        catalog = SqliteCatalog.open(directory);
        NewCollection wanted = NewCollection.of(Tenant.DEFAULT, Database.DEFAULT, "things", Space.L2);
        collection =
                Objects.requireNonNull(catalog.createCollection(wanted, false).block());
        time = VirtualTimeScheduler.getOrSet();
        admission = Admission.create(
                new AdmissionSettings(Map.of(OperationKind.WRITE, RATE), 1),
                meters,
                () -> time.now(TimeUnit.NANOSECONDS));
        writes = new BulkWrites(admission);
    }

    @AfterEach
    void close() {
        VirtualTimeScheduler.reset();
        catalog.close();
    }

    private static Deadline patience() {
        return Deadline.after(Duration.ofMinutes(10));
    }

    private CompletableFuture<@Nullable Boolean> pay(long bytes) {
        return writes.paid(collection, bytes, patience()).toFuture();
    }

    @Test
    void anUploadWaitsUntilItsTenantMayWriteSoMuch() {
        assertTrue(pay(10_000).isDone(), "what may be written at once");
        CompletableFuture<@Nullable Boolean> next = pay(5_000);
        time.advanceTimeBy(Duration.ofMillis(4_900));
        assertFalse(next.isDone(), "a thousand flow in each second");
        time.advanceTimeBy(Duration.ofMillis(200));
        assertTrue(next.join());
    }

    @Test
    void writesOverHttpPayFromTheSameBudget() {
        pay(10_000).join();
        assertInstanceOf(Decision.Refused.class, admission.admit(Tenant.DEFAULT, OperationKind.WRITE, 1));
    }

    @Test
    void aBatchOfMoreThanMayBeWrittenAtOnceOwesTheRest() {
        assertTrue(pay(30_000).isDone());
        CompletableFuture<@Nullable Boolean> next = pay(1_000);
        time.advanceTimeBy(Duration.ofMillis(20_900));
        assertFalse(next.isDone());
        time.advanceTimeBy(Duration.ofMillis(200));
        assertTrue(next.join());
    }

    @Test
    void whoCannotPayBeforeTheDeadlineIsRefusedAtOnce() {
        pay(10_000).join();
        CompletableFuture<@Nullable Boolean> next = writes.paid(
                        collection, 5_000, Deadline.after(Duration.ofSeconds(1)))
                .toFuture();
        assertEquals(ErrorCode.RESOURCE_EXHAUSTED, refusal(next).code());
    }

    /** There is one place for all writes. */
    @Test
    void aBatchIsWrittenWhenItIsItsTurn() {
        Sinks.One<LogOffset> first = Sinks.one();
        CompletableFuture<@Nullable LogOffset> written =
                writes.inTurn(collection, patience(), first.asMono()).toFuture();
        CompletableFuture<@Nullable LogOffset> next = writes.inTurn(collection, patience(), Mono.just(new LogOffset(2)))
                .toFuture();
        time.advanceTimeBy(Duration.ofSeconds(1));
        assertFalse(next.isDone());
        first.tryEmitValue(new LogOffset(1)).orThrow();
        time.advanceTime();
        assertEquals(1, written.join().value());
        assertEquals(2, next.join().value());
        assertEquals(0, inFlight());
    }

    @Test
    void aWriteThatFailsOrIsGivenUpGivesItsPlaceBack() {
        CompletableFuture<@Nullable LogOffset> failed = writes.inTurn(
                        collection, patience(), Mono.error(new QuiverException(ErrorCode.BACKOFF, "later")))
                .toFuture();
        assertEquals(ErrorCode.BACKOFF, refusal(failed).code());
        var endless = writes.inTurn(collection, patience(), Mono.never()).subscribe();
        assertEquals(1, inFlight());
        endless.dispose();
        assertEquals(0, inFlight());
    }

    private double inFlight() {
        return meters.get("quiver.lane.inflight").tag("lane", "load").gauge().value();
    }

    private static QuiverException refusal(CompletableFuture<?> refused) {
        try {
            refused.join();
        } catch (CompletionException failure) {
            return assertInstanceOf(QuiverException.class, failure.getCause());
        }
        throw new AssertionError("it was not refused");
    }
}
