package io.quiver.executor.index.graph;

/** Is told how far a build is, on the building thread, a few times a second. May throw, to give the build up. */
@FunctionalInterface
public interface BuildProgress {
    BuildProgress NONE = (nodesDone, nodesTotal) -> {};

    void inserted(long nodesDone, long nodesTotal);
}
