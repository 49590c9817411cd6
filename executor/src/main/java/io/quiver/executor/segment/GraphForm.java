package io.quiver.executor.segment;

import io.quiver.executor.index.EmbeddingRows;
import io.quiver.executor.index.Metric;
import io.quiver.executor.index.VectorIndex;
import io.quiver.executor.index.graph.CompactIndex;
import io.quiver.executor.index.graph.GraphIndex;
import java.lang.foreign.MemorySegment;

/** The form that the graph of a segment has, in its file and in memory. */
public enum GraphForm {
    /** Rows that hold an embedding and its neighbours' codes: fastest, and larger than the embeddings. */
    ROWS(FileKind.GRAPH) {
        @Override
        public VectorIndex open(MemorySegment image, EmbeddingRows rows, int rowCount, Metric metric) {
            return GraphIndex.open(image, rows, rowCount, metric);
        }

        @Override
        void verify(MemorySegment image, EmbeddingRows rows, int rowCount, Metric metric) {
            GraphIndex.open(image, rows, rowCount, metric).verify();
        }
    },
    /** Short codes and links alone: a quarter of the embeddings. */
    COMPACT(FileKind.COMPACT) {
        @Override
        public VectorIndex open(MemorySegment image, EmbeddingRows rows, int rowCount, Metric metric) {
            return CompactIndex.open(image, rows, rowCount, metric);
        }

        @Override
        void verify(MemorySegment image, EmbeddingRows rows, int rowCount, Metric metric) {
            CompactIndex.open(image, rows, rowCount, metric).verify();
        }
    };

    private final FileKind fileKind;

    GraphForm(FileKind fileKind) {
        this.fileKind = fileKind;
    }

    /** Opens an image of this form; refuses with {@link IllegalArgumentException} one that is not of these rows. */
    public abstract VectorIndex open(MemorySegment image, EmbeddingRows rows, int rowCount, Metric metric);

    /** Reads a whole image and compares it with the rows; throws {@link IllegalArgumentException} where it is wrong. */
    abstract void verify(MemorySegment image, EmbeddingRows rows, int rowCount, Metric metric);

    FileKind fileKind() {
        return fileKind;
    }

    String path(String directory) {
        return directory + "/" + fileKind.fileName();
    }
}
