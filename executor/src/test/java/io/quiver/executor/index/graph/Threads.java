package io.quiver.executor.index.graph;

import java.util.stream.IntStream;

/** Workers of a build in tests: new threads for every share. */
record Threads(int count) implements BuildWorkers {
    @Override
    public void run(Share share) {
        var threads = IntStream.range(0, count)
                .mapToObj(worker -> Thread.ofPlatform().start(() -> share.run(worker)))
                .toList();
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException interruption) {
                throw new IllegalStateException(interruption);
            }
        }
    }
}
