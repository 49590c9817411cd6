package io.quiver.executor.segment;

import io.quiver.executor.index.FlatIndex;
import io.quiver.executor.index.Metric;
import io.quiver.executor.index.VectorIndex;
import io.quiver.executor.index.graph.ByteIndex;
import io.quiver.executor.index.graph.GraphIndex;
import io.quiver.executor.index.graph.GraphParameters;
import io.quiver.executor.index.plan.PlannedIndex;
import io.quiver.log.storage.Storage;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The graph of a sealed segment, mapped, and its calibration. A segment is published without them and gets them later;
 * they count when both are there, whole. They can be made again from the embeddings at any time.
 *
 * <p>{@code graph.qg}, or {@code compact.qc} where the graph has its compact form: its image as it is searched; a
 * segment has one of them. A calibration without a graph says that the best one was refused. Numbers of the header:
 * metric, dimension, {@code efConstruction << 32 | passes}, seed of the build. {@code recall.qc}: see {@link
 * RecallFile}.
 */
final class GraphFiles {
    /** How often a build inserts each node. */
    private static final int INSERTIONS = 1;

    private final GraphForm form;
    private final CheckedFile graph;
    private final Calibration calibration;
    private final VectorFiles vectors;
    private final Metric metric;

    private GraphFiles(GraphForm form, CheckedFile graph, Calibration calibration, VectorFiles vectors, Metric metric) {
        this.form = form;
        this.graph = graph;
        this.calibration = calibration;
        this.vectors = vectors;
        this.metric = metric;
    }

    /** Whether a file is one of these. */
    static boolean isName(String file) {
        return file.equals(FileKind.RECALL.fileName())
                || Arrays.stream(GraphForm.values())
                        .anyMatch(form -> file.equals(form.fileKind().fileName()));
    }

    static boolean exist(Storage storage, String directory) throws IOException {
        return storage.exists(RecallFile.path(directory)) && form(storage, directory) != null;
    }

    /** The form of the graph whose file is there. */
    private static @Nullable GraphForm form(Storage storage, String directory) throws IOException {
        for (GraphForm form : GraphForm.values()) {
            if (storage.exists(form.path(directory))) {
                return form;
            }
        }
        return null;
    }

    /** Bytes of the file that the graph lies in. */
    static long imageFileBytes(Storage storage, String directory) throws IOException {
        GraphForm form = form(storage, directory);
        return form == null ? 0 : DirectoryTree.fileBytes(storage, form.path(directory));
    }

    /**
     * Where {@link #exist} says so.
     *
     * @param arena of the mapping
     */
    static GraphFiles open(
            Storage storage, String directory, UUID segment, Metric metric, VectorFiles vectors, Arena arena)
            throws IOException {
        GraphForm form = form(storage, directory);
        if (form == null) {
            throw new NoSuchFileException(directory, null, "it has no graph any more");
        }
        CheckedFile graph = CheckedFile.open(storage, form.path(directory), form.fileKind(), segment, arena);
        graph.expect("rows", vectors.rowCount(), graph.header().rowCount());
        graph.expect("metric", VectorFiles.code(metric), graph.header().numbers()[0]);
        graph.expect("dimension", vectors.dimension(), graph.header().numbers()[1]);
        Calibration calibration = RecallFile.read(storage, directory, segment, vectors.rowCount());
        return new GraphFiles(form, graph, calibration, vectors, metric);
    }

    /**
     * Makes both durable. The calibration comes last, and says by being there that the graph is whole, and the only
     * one: one of the other form is deleted before.
     */
    static void write(Storage storage, String directory, UUID segment, int dimension, int rowCount, BuiltGraph built)
            throws IOException {
        deleteCalibration(storage, directory);
        GraphParameters parameters = built.parameters();
        GraphForm form = built.form();
        try (CheckedFileWriter file = new CheckedFileWriter(storage, form.path(directory), form.fileKind(), segment)) {
            file.write(built.image());
            file.finish(
                    rowCount,
                    VectorFiles.code(built.metric()),
                    dimension,
                    (long) parameters.efConstruction() << Integer.SIZE | INSERTIONS,
                    parameters.seed());
        }
        deleteOthers(storage, directory, form);
        RecallFile.write(storage, directory, segment, rowCount, built.calibration());
        storage.forceDirectory(directory);
    }

    /** An older calibration must not stand beside a newer graph, whatever a crash leaves. */
    private static void deleteCalibration(Storage storage, String directory) throws IOException {
        if (storage.exists(RecallFile.path(directory))) {
            storage.delete(RecallFile.path(directory));
            storage.forceDirectory(directory);
        }
    }

    private static void deleteOthers(Storage storage, String directory, GraphForm kept) throws IOException {
        for (GraphForm form : GraphForm.values()) {
            if (form != kept && storage.exists(form.path(directory))) {
                storage.delete(form.path(directory));
                storage.forceDirectory(directory);
            }
        }
    }

    /** Deletes what a crash left of a graph that was not complete. */
    static void deleteLeftOvers(Storage storage, String directory) throws IOException {
        if (!storage.exists(RecallFile.path(directory))) {
            for (GraphForm form : GraphForm.values()) {
                storage.delete(form.path(directory));
            }
        }
    }

    /**
     * The best recall of a graph that was refused; 1 where there was none, or where a calibration is all that is left
     * of a graph that was good.
     */
    static float refusedRecall(Storage storage, String directory, UUID segment, int rowCount) throws IOException {
        if (!storage.exists(RecallFile.path(directory)) || form(storage, directory) != null) {
            return 1;
        }
        Calibration best = RecallFile.read(storage, directory, segment, rowCount);
        return best.isHeld() ? 1 : best.recallMax();
    }

    /** Whether it was made to save memory. */
    boolean isCompact() {
        return form == GraphForm.COMPACT;
    }

    int efConstruction() {
        return (int) (graph.header().numbers()[2] >>> Integer.SIZE);
    }

    long imageBytes() {
        return graph.body().byteSize();
    }

    /** The graph as it lies in the file. */
    PlannedIndex mapped() throws CorruptSegmentException {
        return index(open(graph.body()));
    }

    /** Tells this graph from any other. */
    SharedGraphs.Id id() {
        return new SharedGraphs.Id(
                graph.header().segment(), form.fileKind(), graph.header().pagesChecksum());
    }

    /**
     * The graph copied to memory, its checksums compared; {@code null} where that was given up.
     *
     * @param isGivenUp asked before each MiB
     */
    @Nullable HotGraph copied(OffHeapBudget budget, BooleanSupplier isGivenUp) throws CorruptSegmentException {
        HotMemory memory = new HotMemory(budget, OffHeapBudget.Owner.GRAPH);
        HotGraph copied = null;
        try {
            copied = copied(memory, isGivenUp);
        } finally {
            if (copied == null) {
                memory.close();
            }
        }
        return copied;
    }

    private @Nullable HotGraph copied(HotMemory memory, BooleanSupplier isGivenUp) throws CorruptSegmentException {
        long byBytes = GraphIndex.byBytesSize(metric, vectors.dimension(), vectors.rowCount());
        SegmentAllocator both = SegmentAllocator.slicingAllocator(memory.allocate(imageBytes() + byBytes, Long.SIZE));
        MemorySegment image = both.allocate(imageBytes());
        return graph.copyTo(image, isGivenUp) ? new HotGraph(image, byBytes(open(image), both), memory) : null;
    }

    /** Not in a file, where a line of every row would have to be read for that. */
    private static @Nullable ByteIndex byBytes(VectorIndex opened, SegmentAllocator memory) {
        return opened instanceof GraphIndex whole ? whole.byBytes(memory) : null;
    }

    /** The graph in memory, copied from this file or from one that is the same. */
    PlannedIndex over(HotGraph hot) throws CorruptSegmentException {
        PlannedIndex planned = index(open(hot.image()));
        ByteIndex bytes = hot.bytes();
        return bytes == null ? planned : planned.withBytes(bytes.withRows(vectors));
    }

    /** Lets the system take back the pages of the file. */
    void forgetPages() {
        HugePages.forget(graph.body());
    }

    /** Reads both files whole, and compares the graph with the embeddings. */
    void compareChecksums(ReadPace pace) throws CorruptSegmentException {
        graph.verify(pace);
    }

    void verify() throws CorruptSegmentException {
        graph.verify();
        try {
            form.verify(graph.body(), vectors, vectors.rowCount(), metric);
        } catch (IllegalArgumentException damage) {
            throw damaged(damage);
        }
    }

    /**
     * What another graph can be made of, after every checksum was compared; empty where the form is not one for that.
     */
    Optional<GraphIndex> whole() throws CorruptSegmentException {
        if (form != GraphForm.ROWS) {
            return Optional.empty();
        }
        graph.verify();
        return open(graph.body()) instanceof GraphIndex whole ? Optional.of(whole) : Optional.empty();
    }

    private PlannedIndex index(VectorIndex opened) {
        return new PlannedIndex(opened, new FlatIndex(metric, vectors), vectors.rowCount(), calibration.curve())
                .withRecallFloor(calibration.floor());
    }

    private VectorIndex open(MemorySegment image) throws CorruptSegmentException {
        try {
            return form.open(image, vectors, vectors.rowCount(), metric);
        } catch (IllegalArgumentException damage) {
            throw damaged(damage);
        }
    }

    private CorruptSegmentException damaged(IllegalArgumentException damage) {
        return new CorruptSegmentException(graph.path(), String.valueOf(damage.getMessage()), damage);
    }
}
