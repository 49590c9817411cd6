package io.quiver.executor.query;

/** Told how long searches took, stage by stage; called on the threads that did the work, so it must be quick. */
@FunctionalInterface
public interface StageListener {
    StageListener NONE = (_, _) -> {};

    void spent(SearchStage stage, long nanos);

    /** Answers to searches that were in the executor for longer than this say how they were found, asked or not. */
    default long explainedAfterNanos() {
        return Long.MAX_VALUE;
    }
}
