package io.quiver.executor.index.graph;

import io.quiver.executor.index.EmbeddingRows;
import io.quiver.executor.index.FlatIndex;
import io.quiver.executor.index.Metric;
import io.quiver.executor.index.RowRange;
import io.quiver.executor.index.RowSearch;
import io.quiver.executor.index.VectorIndex;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.jspecify.annotations.Nullable;

/**
 * Searches the rows that a filter accepts by the bytes that a graph keeps of them, and computes exact distances only of
 * those that may be among the nearest. It finds what {@link FlatIndex} finds, but for a chance in a million a hit where
 * rows are long ({@link RowSketches}), and reads a quarter of what that reads, of long rows a tenth: where few rows lie
 * here and there, searches wait for memory and for nothing else.
 *
 * <p>Searches without a filter, those that want {@link RowSearch#EXACT}, and queries or rows whose lengths say nothing
 * are left to {@link FlatIndex}. Safe on every thread; scratch is kept as in {@link ImageIndex}.
 */
public final class ByteIndex implements VectorIndex {
    /** Longer queries may lead out of the range of a float. */
    private static final double SQUARE_MAX = 1e30;

    private final MemorySegment image;
    private final GraphLayout layout;
    private final CodeSpace space;
    private final EmbeddingRows rows;
    private final RowNodes nodes;
    private final @Nullable RowSketches sketches;
    private final FlatIndex scan;
    private final ConcurrentLinkedDeque<ByteScan> idle = new ConcurrentLinkedDeque<>();

    private ByteIndex(
            MemorySegment image,
            GraphLayout layout,
            CodeSpace space,
            EmbeddingRows rows,
            RowNodes nodes,
            @Nullable RowSketches sketches) {
        this.image = image;
        this.layout = layout;
        this.space = space;
        this.rows = rows;
        this.nodes = nodes;
        this.sketches = sketches;
        this.scan = new FlatIndex(space.metric(), rows);
    }

    /** What {@link #of} takes of its memory. */
    static long sizeBytes(int codeDimension, int rowCount) {
        return RowNodes.sizeBytes(rowCount) + RowSketches.sizeBytes(codeDimension, rowCount);
    }

    /** @param memory of {@link #sizeBytes}, which lives as long as the image */
    static ByteIndex of(
            MemorySegment image, GraphLayout layout, CodeSpace space, EmbeddingRows rows, SegmentAllocator memory) {
        RowNodes nodes = RowNodes.of(image, layout, space.metric(), rows, memory);
        boolean areLong = RowSketches.areWorthwhile(layout.codeDimension());
        RowSketches sketches = areLong ? RowSketches.of(image, layout, nodes, memory) : null;
        return new ByteIndex(image, layout, space, rows, nodes, sketches);
    }

    /** The same of the same embeddings elsewhere. */
    public ByteIndex withRows(EmbeddingRows others) {
        return new ByteIndex(image, layout, space, others, nodes, sketches);
    }

    @Override
    public Metric metric() {
        return space.metric();
    }

    @Override
    public int dimension() {
        return rows.dimension();
    }

    /** One range: most of the time goes to a few rows that lie anywhere. */
    @Override
    public List<RowRange> divide(int rowCount, int parts) {
        return List.of(new RowRange(0, rowCount));
    }

    @Override
    public void search(List<RowSearch> searches, RowRange range) {
        List<RowSearch> others =
                searches.stream().filter(search -> !isByBytes(search)).toList();
        if (!others.isEmpty()) {
            scan.search(others, range);
        }
        ByteScan unused = idle.pollFirst();
        ByteScan scratch = unused == null ? new ByteScan(image, layout, space, rows, nodes, sketches) : unused;
        searches.stream().filter(this::isByBytes).forEach(scratch::search);
        idle.addFirst(scratch);
    }

    private boolean isByBytes(RowSearch search) {
        return search.candidates() != null && search.ef() != RowSearch.EXACT && hasLength(search.query());
    }

    private boolean hasLength(float[] query) {
        double square = CodeSpace.square(query);
        boolean isOfRows = metric() != Metric.INNER_PRODUCT || space.lengthMax() > 0;
        return isOfRows && square > 0 && square < SQUARE_MAX;
    }
}
