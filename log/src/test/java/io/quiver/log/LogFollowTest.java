package io.quiver.log;

import static io.quiver.log.LogFixture.COLLECTION;
import static io.quiver.log.LogFixture.SMALL;
import static io.quiver.log.LogFixture.all;
import static io.quiver.log.LogFixture.append;
import static io.quiver.log.LogFixture.open;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.log.record.CollectionId;
import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.LogOffset;
import io.quiver.log.record.Operation;
import io.quiver.log.record.QuiverException;
import io.quiver.log.storage.SimulatedStorage;
import io.quiver.log.storage.SimulatedStorage.Kind;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

class LogFollowTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final SimulatedStorage storage = new SimulatedStorage();

    @Test
    void aFollowerSeesWhatWasThereAndWhatComes() throws IOException {
        try (LocalLog log = open(storage)) {
            append(log, SampleOperations.batch(1));
            append(log, SampleOperations.batch(2));
            StepVerifier.create(log.follow(new LogOffset(1)).map(LogEntry::offset))
                    .expectNext(new LogOffset(2))
                    .then(() -> append(log, SampleOperations.batch(3)))
                    .expectNext(new LogOffset(3))
                    .thenCancel()
                    .verify(PATIENCE);
        }
    }

    @Test
    void aFollowerThatKeepsUpGetsTheAppendedOperationsThemselves() throws IOException {
        List<Operation> batch = SampleOperations.batch(1);
        try (LocalLog log = open(storage)) {
            long reads = storage.callCount(call -> call.kind() == Kind.READ);
            StepVerifier.create(log.follow(LogOffset.NONE))
                    .then(() -> append(log, batch))
                    .assertNext(entry -> assertSame(batch, entry.operations()))
                    .thenCancel()
                    .verify(PATIENCE);
            assertEquals(reads, storage.callCount(call -> call.kind() == Kind.READ));
        }
    }

    @Test
    void aFollowerWithoutDemandGetsNothingAndLaterAllOfItFromTheFiles() throws IOException {
        try (LocalLog log = open(storage, SMALL.withRecentBytes(2_000))) {
            StepVerifier.create(
                            log.follow(LogOffset.NONE)
                                    .map(entry -> entry.offset().value()),
                            0)
                    .then(() -> appendAll(log, 1, 400))
                    .thenRequest(3)
                    .expectNext(1L, 2L, 3L)
                    .expectNoEvent(Duration.ofMillis(50))
                    .thenRequest(Long.MAX_VALUE)
                    .expectNextSequence(LongStream.rangeClosed(4, 400).boxed().toList())
                    .then(() -> appendAll(log, 401, 800))
                    .expectNextSequence(LongStream.rangeClosed(401, 800).boxed().toList())
                    .thenCancel()
                    .verify(PATIENCE);
        }
    }

    @Test
    void aFollowerOfAReopenedLogReadsTheFilesThenTheLiveEntries() throws IOException {
        try (LocalLog log = open(storage)) {
            appendAll(log, 1, 100);
        }
        try (LocalLog log = open(storage)) {
            StepVerifier.create(log.follow(new LogOffset(50)))
                    .recordWith(ArrayList::new)
                    .expectNextCount(50)
                    .then(() -> appendAll(log, 101, 110))
                    .expectNextCount(10)
                    .consumeRecordedWith(entries -> assertEquals(all(log).subList(50, 110), List.copyOf(entries)))
                    .thenCancel()
                    .verify(PATIENCE);
        }
    }

    @Test
    void aSlowFollowerDelaysNeitherWritersNorOtherFollowers() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch others = new CountDownLatch(20);
        try (LocalLog log = open(storage)) {
            var slow = log.follow(LogOffset.NONE).subscribe(_ -> await(release));
            var quick = log.follow(LogOffset.NONE).subscribe(_ -> others.countDown());
            appendAll(log, 1, 20);
            assertTrue(others.await(30, TimeUnit.SECONDS));
            release.countDown();
            slow.dispose();
            quick.dispose();
        }
    }

    @Test
    void everyEntryComesOnceAndInOrderWhileManyWrite() throws IOException {
        try (LocalLog log = open(storage, SMALL.withRecentBytes(500))) {
            var following = log.follow(LogOffset.NONE)
                    .map(entry -> entry.offset().value())
                    .take(2_000)
                    .collectList()
                    .cache();
            following.subscribe();
            Flux.range(0, 2_000)
                    .flatMap(i -> log.append(COLLECTION, SampleOperations.batch(i)), 32)
                    .blockLast();
            assertEquals(LongStream.rangeClosed(1, 2_000).boxed().toList(), following.block(PATIENCE));
        }
    }

    @Test
    void readingEndsAtItsOffsetOrAtTheHead() throws IOException {
        try (LocalLog log = open(storage)) {
            appendAll(log, 1, 10);
            assertEquals(3, log.read(new LogOffset(2), new LogOffset(5)).count().block());
            assertEquals(10, log.read(LogOffset.NONE, new LogOffset(99)).count().block());
            assertEquals(
                    0, log.read(new LogOffset(10), new LogOffset(99)).count().block());
        }
    }

    @Test
    void followingEndsWhenTheLogIsClosed() throws IOException {
        LocalLog log = open(storage);
        append(log, SampleOperations.batch(1));
        StepVerifier.create(log.follow(LogOffset.NONE))
                .expectNextCount(1)
                .then(log::close)
                .expectComplete()
                .verify(PATIENCE);
    }

    @Test
    void truncationDropsWholeFilesAndUsesThemAgain() throws IOException {
        try (LocalLog log = open(storage)) {
            appendAll(log, 1, 1_000);
            long files = logFiles();
            assertTrue(files > 8, "only %d files".formatted(files));
            log.truncate(new LogOffset(500));
            assertTrue(log.truncatedThrough().value() > 400);
            assertTrue(log.truncatedThrough().value() <= 500);
            long creations = storage.callCount(call -> call.kind() == Kind.CREATE);
            appendAll(log, 1_001, 1_100);
            assertEquals(creations, storage.callCount(call -> call.kind() == Kind.CREATE));
            assertEquals(log.truncatedThrough().next(), all(log).getFirst().offset());
        }
    }

    @Test
    void aFileUsedAgainEndsAsCleanlyAsAFreshOne() throws IOException {
        try (LocalLog log = open(storage)) {
            for (int i = 1; i <= 2_000; i++) {
                append(log, SampleOperations.batch(i));
                if (i % 100 == 0) {
                    log.truncate(log.head());
                    assertNull(LocalLog.check(storage, LogFixture.DIRECTORY).cut());
                }
            }
        }
        assertEquals(
                3,
                storage.callCount(
                        call -> call.kind() == Kind.CREATE && !call.path().endsWith(LogEnds.NAME)));
    }

    @Test
    void offsetsContinueAfterEverythingWasTruncated() throws IOException {
        try (LocalLog log = open(storage)) {
            appendAll(log, 1, 200);
            log.truncate(log.head());
            assertEquals(1, logFiles());
        }
        try (LocalLog log = open(storage)) {
            assertEquals(new LogOffset(200), log.head());
            assertEquals(new LogOffset(201), append(log, SampleOperations.batch(201)));
        }
    }

    @Test
    void theHeadOfACollectionIsForgottenWithItsEntries() throws IOException {
        try (LocalLog log = open(storage)) {
            appendAll(log, 1, 200);
            var other = CollectionId.random();
            Flux.range(0, 200)
                    .concatMap(i -> log.append(other, SampleOperations.batch(i)))
                    .blockLast();
            log.truncate(log.head());
            assertEquals(LogOffset.NONE, log.head(COLLECTION));
            assertEquals(new LogOffset(400), log.head(other));
        }
    }

    @Test
    void aFileIsNotUsedAgainUnderItsReaderButTheNextOneIsGone() throws IOException {
        try (LocalLog log = open(storage, SMALL.withRecentBytes(0))) {
            appendAll(log, 1, 1_000);
            StepVerifier.create(log.follow(LogOffset.NONE), 1)
                    .expectNextCount(1)
                    .then(() -> log.truncate(log.head()))
                    .then(() -> appendAll(log, 1_001, 1_300))
                    .thenRequest(20)
                    .expectNextCount(20)
                    .thenRequest(Long.MAX_VALUE)
                    .thenConsumeWhile(entry -> entry.offset().value() < 200)
                    .expectErrorMatches(failure -> failure instanceof QuiverException refusal
                            && refusal.code() == ErrorCode.FAILED_PRECONDITION)
                    .verify(PATIENCE);
        }
    }

    private long logFiles() throws IOException {
        return storage.list(LogFixture.DIRECTORY).stream()
                .filter(LogFileNames::isLog)
                .count();
    }

    /** Appends batches so that each has the number of its offset. */
    private static void appendAll(LocalLog log, int first, int last) {
        for (int i = first; i <= last; i++) {
            append(log, SampleOperations.batch(i));
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(30, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
