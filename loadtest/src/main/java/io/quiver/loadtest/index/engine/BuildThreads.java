package io.quiver.loadtest.index.engine;

import io.quiver.executor.index.graph.BuildWorkers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** The caller's thread and as many more as are needed to be {@code count}; ended by {@link #close}. */
final class BuildThreads implements BuildWorkers, AutoCloseable {
    private final int count;
    private final ExecutorService others;

    BuildThreads(int count) {
        this.count = count;
        this.others = Executors.newFixedThreadPool(Math.max(1, count - 1));
    }

    @Override
    public int count() {
        return count;
    }

    @Override
    public void run(Share share) {
        List<Future<?>> running = new ArrayList<>();
        for (int i = 1; i < count; i++) {
            int worker = i;
            running.add(others.submit(() -> share.run(worker)));
        }
        share.run(0);
        running.forEach(BuildThreads::await);
    }

    private static void await(Future<?> share) {
        try {
            share.get();
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while building", interruption);
        } catch (ExecutionException failure) {
            throw new IllegalStateException("a share of the build failed", failure.getCause());
        }
    }

    @Override
    public void close() {
        others.shutdownNow();
    }
}
