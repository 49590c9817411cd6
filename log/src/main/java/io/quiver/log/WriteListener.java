package io.quiver.log;

/**
 * Told of writes that were acknowledged, for metrics. Called on the thread that acknowledges: it must return at once.
 */
@FunctionalInterface
public interface WriteListener {
    WriteListener NONE = (_, _) -> {};

    /**
     * A batch is durable and visible.
     *
     * @param operationCount of the batch
     * @param nanos from its check to its acknowledgement
     */
    void acknowledged(int operationCount, long nanos);
}
