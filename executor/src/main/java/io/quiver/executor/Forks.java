package io.quiver.executor;

import io.quiver.executor.segment.Segment;
import io.quiver.executor.segment.SegmentStore;
import io.quiver.log.catalog.Catalog;
import io.quiver.log.catalog.Collection;
import io.quiver.log.catalog.Manifest;
import io.quiver.log.record.CollectionId;
import io.quiver.log.record.DoubtfulException;
import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.QuiverException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * Forks collections, one at a time, on a thread of its own, which may wait for the disk, the catalog and the applying
 * thread.
 *
 * <p>A fork is written, opened and live before the catalog has it, so that nobody finds it in part. What a crash leaves
 * before the catalog's commit belongs to no collection, and goes with the next opening; after it everything is durable.
 */
final class Forks implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Forks.class);
    private static final int WAITING_MAX = 64;
    private static final Duration RETRY_WHEN_BUSY = Duration.ofSeconds(1);
    private static final long CLOSE_SECONDS_MAX = 60;

    private final Catalog catalog;
    private final SegmentStore store;
    private final LiveCollections collections;
    private final CollectionChanges changes;
    private final Applier applier;
    private final ThreadPoolExecutor thread = new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(WAITING_MAX),
            Thread.ofPlatform().name("forks").factory());

    Forks(
            Catalog catalog,
            SegmentStore store,
            LiveCollections collections,
            CollectionChanges changes,
            Applier applier) {
        this.catalog = catalog;
        this.store = store;
        this.collections = collections;
        this.changes = changes;
        this.applier = applier;
    }

    Mono<Collection> fork(CollectionId source, String newName) {
        return Mono.create(sink -> {
            try {
                thread.execute(() -> answer(source, newName, sink));
            } catch (RejectedExecutionException _) {
                sink.error(new QuiverException(
                        ErrorCode.BACKOFF, "%d forks wait already".formatted(WAITING_MAX), RETRY_WHEN_BUSY));
            }
        });
    }

    // On the forking thread.

    private void answer(CollectionId source, String newName, MonoSink<Collection> sink) {
        Collection fork;
        try {
            collections.requireSound(source);
            fork = make(source, newName);
        } catch (IOException | RuntimeException failure) {
            sink.error(failure);
            return;
        }
        sink.success(fork);
    }

    private Collection make(CollectionId source, String newName) throws IOException {
        CollectionId fork = CollectionId.random();
        LiveCollection live = collections.find(source);
        return live == null
                ? create(source, fork, newName, Manifest.EMPTY)
                : publish(source, newName, prepare(live, fork));
    }

    private Collection create(CollectionId source, CollectionId fork, String newName, Manifest manifest) {
        return some(catalog.fork(source, fork, newName, manifest).block());
    }

    /** A fork that nobody knows; its segments are owned. */
    private record Prepared(CollectionShape shape, Manifest manifest, List<Segment> opened) {}

    private Prepared prepare(LiveCollection source, CollectionId fork) throws IOException {
        Snapshot held = source.hold();
        try {
            Manifest manifest = new ForkFiles(store, source.shape(), held, fork).write();
            CollectionShape shape = source.shape().of(fork);
            return new Prepared(shape, manifest, new SealedFiles(store, 0).open(shape, manifest));
        } catch (IOException | RuntimeException failure) {
            discard(fork);
            throw failure;
        } finally {
            source.letGo(held);
        }
    }

    private void discard(CollectionId fork) {
        try {
            store.discard(fork);
        } catch (IOException failure) {
            LOG.warn("Files of a fork {} that failed remain until the next start", fork, failure);
        }
    }

    private Collection publish(CollectionId source, String newName, Prepared prepared) {
        CollectionId fork = prepared.shape.id();
        applier.run(() -> changes.addUnborn(prepared.shape, prepared.manifest, prepared.opened))
                .block();
        try {
            Collection created = create(source, fork, newName, prepared.manifest);
            collections.born(fork);
            return created;
        } catch (DoubtfulException failure) {
            settle(fork);
            throw failure;
        } catch (QuiverException refusal) {
            applier.run(() -> changes.drop(fork)).block();
            throw refusal;
        } catch (RuntimeException failure) {
            settle(fork);
            throw failure;
        }
    }

    /**
     * Follows what the catalog goes on with; whether that lasts nobody knows, so the files stay for the next opening.
     */
    private void settle(CollectionId fork) {
        boolean isThere = catalog.collection(fork)
                .hasElement()
                .onErrorReturn(QuiverException.class, false)
                .blockOptional()
                .orElse(false);
        if (isThere) {
            collections.born(fork);
        } else {
            applier.run(() -> changes.forget(fork)).block();
        }
    }

    private static <T> T some(@Nullable T answer) {
        return Objects.requireNonNull(answer, "the catalog answers every question");
    }

    /** Finishes the forks that wait. */
    @Override
    public void close() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(CLOSE_SECONDS_MAX, TimeUnit.SECONDS)) {
                LOG.warn("A fork still runs {} s after it was closed", CLOSE_SECONDS_MAX);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
