package io.quiver.executor.index.graph;

import io.quiver.executor.index.EmbeddingRows;
import io.quiver.executor.index.Metric;
import java.lang.foreign.MemorySegment;

/**
 * Searches the compact image of a segment, which {@link CompactBuilder} made: codes and links in at most a quarter of
 * the memory that the embeddings take, while these stay in their file; of them a search reads only the rows that may be
 * hits.
 *
 * <p>Safe on every thread.
 */
public final class CompactIndex extends ImageIndex {
    private final MemorySegment image;
    private final EmbeddingRows rows;
    private final CompactHeader header;
    private final CodeSpace space;

    private CompactIndex(MemorySegment image, EmbeddingRows rows, CompactHeader header) {
        super(header);
        this.image = image;
        this.rows = rows;
        this.header = header;
        this.space = header.space(image);
    }

    /**
     * Opens an image; refuses with {@link IllegalArgumentException} one that is not of these rows.
     *
     * @param image lent
     * @param rows the embeddings that the image was built from, for exact distances; lent
     */
    public static CompactIndex open(MemorySegment image, EmbeddingRows rows, int rowCount, Metric metric) {
        CompactHeader header = CompactHeader.read(image);
        header.expect(metric, rows.dimension(), rowCount);
        return new CompactIndex(image.asSlice(0, header.layout().sizeBytes()), rows, header);
    }

    @Override
    ImageSearcher newSearcher() {
        return new CompactSearcher(image, header.layout(), space, header.metric(), rows);
    }

    /**
     * Reads the whole image: its checksum, its links, and its codes against the rows. Throws {@link
     * IllegalArgumentException} that says what is wrong.
     */
    public void verify() {
        CompactHeader.checkSeal(image);
        new CompactCheck(image, header.layout(), space, rows).check();
    }
}
