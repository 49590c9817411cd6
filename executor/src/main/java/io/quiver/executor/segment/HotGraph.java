package io.quiver.executor.segment;

import io.quiver.executor.index.graph.ByteIndex;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * A graph in memory of its own. It may be read on any thread until it is closed.
 *
 * @param image as in its file
 * @param bytes searches by the bytes of its rows, of the rows of whoever copied it; {@code null} for a compact graph
 * @param memory both lie in; owned
 */
record HotGraph(MemorySegment image, @Nullable ByteIndex bytes, HotMemory memory) implements AutoCloseable {
    @Override
    public void close() {
        memory.close();
    }
}
