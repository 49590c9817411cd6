package io.quiver.executor.index.graph;

/**
 * Threads that build together. The graph does not depend on how many they are.
 *
 * <p>{@link #ONE} works on the caller's thread.
 */
public interface BuildWorkers {
    BuildWorkers ONE = new BuildWorkers() {
        @Override
        public int count() {
            return 1;
        }

        @Override
        public void run(Share share) {
            share.run(0);
        }
    };

    int count();

    /** Runs the share of every worker, each once and at the same time if possible; returns when all are done. */
    void run(Share share);

    /** What one worker does, told which it is: 0 to {@code count() - 1}. */
    @FunctionalInterface
    interface Share {
        void run(int worker);
    }
}
