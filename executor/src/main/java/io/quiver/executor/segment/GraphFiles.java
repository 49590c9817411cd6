package io.quiver.executor.segment;

import io.quiver.executor.index.FlatIndex;
import io.quiver.executor.index.Metric;
import io.quiver.executor.index.graph.GraphIndex;
import io.quiver.executor.index.graph.GraphParameters;
import io.quiver.executor.index.plan.PlannedIndex;
import io.quiver.log.storage.Storage;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The graph of a sealed segment, mapped, and its calibration. A segment is published without them and gets them later; they
 * count when both are there, whole. They can be made again from the embeddings at any time.
 *
 * <p>{@code graph.qg}: the image of the graph as it is searched. Numbers of the header: metric, dimension,
 * {@code efConstruction << 32 | passes}, seed of the build. {@code recall.qc}: see {@link RecallFile}.
 */
final class GraphFiles {
    private final CheckedFile graph;
    private final Calibration calibration;
    private final VectorFiles vectors;
    private final Metric metric;

    private GraphFiles(CheckedFile graph, Calibration calibration, VectorFiles vectors, Metric metric) {
        this.graph = graph;
        this.calibration = calibration;
        this.vectors = vectors;
        this.metric = metric;
    }

    static boolean exist(Storage storage, String directory) throws IOException {
        return storage.exists(RecallFile.path(directory)) && storage.exists(path(directory));
    }

    /** @param arena of the mapping */
    static GraphFiles open(
            Storage storage, String directory, UUID segment, Metric metric, VectorFiles vectors, Arena arena)
            throws IOException {
        CheckedFile graph = CheckedFile.open(storage, path(directory), FileKind.GRAPH, segment, arena);
        graph.expect("rows", vectors.rowCount(), graph.header().rowCount());
        graph.expect("metric", VectorFiles.code(metric), graph.header().numbers()[0]);
        graph.expect("dimension", vectors.dimension(), graph.header().numbers()[1]);
        Calibration calibration = RecallFile.read(storage, directory, segment, vectors.rowCount());
        return new GraphFiles(graph, calibration, vectors, metric);
    }

    /** Makes both durable. The calibration comes last, and says by being there that the graph is whole. */
    static void write(Storage storage, String directory, UUID segment, int dimension, int rowCount, BuiltGraph built)
            throws IOException {
        deleteCalibration(storage, directory);
        GraphParameters parameters = built.parameters();
        try (CheckedFileWriter file = new CheckedFileWriter(storage, path(directory), FileKind.GRAPH, segment)) {
            file.write(built.image());
            file.finish(
                    rowCount,
                    VectorFiles.code(built.metric()),
                    dimension,
                    (long) parameters.efConstruction() << Integer.SIZE | parameters.passes(),
                    parameters.seed());
        }
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

    /** Deletes what a crash left of a graph that was not complete. */
    static void deleteLeftOvers(Storage storage, String directory) throws IOException {
        if (!exist(storage, directory)) {
            storage.delete(RecallFile.path(directory));
            storage.delete(path(directory));
        }
    }

    static String path(String directory) {
        return directory + "/" + FileKind.GRAPH.fileName();
    }

    long imageBytes() {
        return graph.body().byteSize();
    }

    /** The graph as it lies in the file. */
    PlannedIndex mapped() throws CorruptSegmentException {
        return index(graph.body());
    }

    /**
     * The graph copied to {@code memory}, its checksums compared; {@code null} where that was given up.
     *
     * @param isGivenUp asked before each MiB
     */
    @Nullable PlannedIndex copied(HotMemory memory, BooleanSupplier isGivenUp) throws CorruptSegmentException {
        MemorySegment image = memory.allocate(imageBytes(), Long.SIZE);
        return graph.copyTo(image, isGivenUp) ? index(image) : null;
    }

    /** Lets the system take back the pages of the file. */
    void forgetPages() {
        HugePages.forget(graph.body());
    }

    /** Reads both files whole, and compares the graph with the embeddings. */
    void verify() throws CorruptSegmentException {
        GraphIndex whole = whole();
        try {
            whole.verify();
        } catch (IllegalArgumentException damage) {
            throw damaged(damage);
        }
    }

    /** The graph as it lies in the file, after every checksum was compared. */
    GraphIndex whole() throws CorruptSegmentException {
        graph.verify();
        return open(graph.body());
    }

    private PlannedIndex index(MemorySegment image) throws CorruptSegmentException {
        return new PlannedIndex(open(image), new FlatIndex(metric, vectors), vectors.rowCount(), calibration.curve());
    }

    private GraphIndex open(MemorySegment image) throws CorruptSegmentException {
        try {
            return GraphIndex.open(image, vectors, vectors.rowCount(), metric);
        } catch (IllegalArgumentException damage) {
            throw damaged(damage);
        }
    }

    private CorruptSegmentException damaged(IllegalArgumentException damage) {
        return new CorruptSegmentException(graph.path(), String.valueOf(damage.getMessage()), damage);
    }
}
