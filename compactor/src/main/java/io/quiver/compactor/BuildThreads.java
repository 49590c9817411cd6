package io.quiver.compactor;

import io.quiver.executor.BackgroundThreads;
import io.quiver.executor.index.graph.BuildWorkers;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

/** The thread that leads a build and helpers like it, which end when the build does. */
final class BuildThreads implements BuildWorkers, AutoCloseable {
    private final int count;
    private final ExecutorService helpers;

    BuildThreads(int count) {
        this.count = count;
        this.helpers = Executors.newCachedThreadPool(BackgroundThreads.of(
                Thread.ofPlatform().name("graph-builder-", 1).daemon()));
    }

    @Override
    public int count() {
        return count;
    }

    /** Waits for the helpers in any case: they write to memory that the leader is about to free where it fails. */
    @Override
    public void run(Share share) {
        CompletableFuture<?> others = CompletableFuture.allOf(IntStream.range(1, count)
                .mapToObj(worker -> CompletableFuture.runAsync(() -> share.run(worker), helpers))
                .toArray(CompletableFuture<?>[]::new));
        try {
            share.run(0);
        } finally {
            others.handle((done, failure) -> done).join();
        }
        others.join();
    }

    @Override
    public void close() {
        helpers.close();
    }
}
