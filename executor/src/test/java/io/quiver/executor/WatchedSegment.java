package io.quiver.executor;

import io.quiver.executor.index.EmbeddingRows;
import io.quiver.executor.segment.Segment;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.Proxy;

/**
 * A segment for tests that says so whenever a search comes to another of its chunks, and has as many of these as one
 * likes: all are like the first.
 */
final class WatchedSegment {
    private WatchedSegment() {}

    static Segment of(Segment segment, Runnable chunkIsRead) {
        return (Segment) Proxy.newProxyInstance(
                Segment.class.getClassLoader(),
                new Class<?>[] {Segment.class},
                (_, method, arguments) -> switch (method.getName()) {
                    case "embeddings" -> new Rows(segment.embeddings(), chunkIsRead);
                    case "insertion" -> Long.valueOf((int) arguments[0]);
                    default -> method.invoke(segment, arguments);
                });
    }

    private record Rows(EmbeddingRows rows, Runnable chunkIsRead) implements EmbeddingRows {
        @Override
        public int dimension() {
            return rows.dimension();
        }

        @Override
        public int chunkRows() {
            return rows.chunkRows();
        }

        @Override
        public MemorySegment chunk(int number) {
            chunkIsRead.run();
            return rows.chunk(0);
        }

        @Override
        public MemorySegment inverseNorms(int number) {
            return rows.inverseNorms(0);
        }
    }
}
