package io.quiver.compactor;

import io.quiver.executor.CollectionShape;
import io.quiver.executor.index.EmbeddingRows;
import io.quiver.executor.index.RecallCurve;
import io.quiver.executor.index.RowSearch;
import io.quiver.executor.index.VectorIndex;
import io.quiver.executor.index.graph.BuildProgress;
import io.quiver.executor.index.graph.BuildWorkers;
import io.quiver.executor.index.graph.CompactBuilder;
import io.quiver.executor.index.graph.GraphBuilder;
import io.quiver.executor.index.graph.GraphParameters;
import io.quiver.executor.index.graph.OlderGraph;
import io.quiver.executor.segment.BuildMemory;
import io.quiver.executor.segment.BuiltGraph;
import io.quiver.executor.segment.Calibration;
import io.quiver.executor.segment.GraphForm;
import io.quiver.executor.segment.Segment;
import io.quiver.executor.segment.SegmentStore;
import io.quiver.log.catalog.IndexParameters.Hnsw;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Builds the graph of one segment and writes it beside its other files, if its recall is proven.
 *
 * <p>Where its rows come from segments that have graphs, these are joined if that is cheaper. A graph that finds too little
 * is built again from nothing, then with more effort. When the last one still finds too little, the segment
 * stays without: wrong answers are worse than slow ones.
 */
final class GraphBuild {
    static final int ATTEMPTS_MAX = 3;

    private static final Logger LOG = LoggerFactory.getLogger(GraphBuild.class);
    private static final int[] EFS = {10, 16, 24, 32, 48, 64, 100, 150, 200, 300, 400};

    /** What callers may ask for beyond this does not make a graph better. */
    private static final int EF_CONSTRUCTION_MAX = 1_000;

    private final GraphSettings settings;
    private final SegmentStore store;
    private final CollectionShape shape;
    private final Segment segment;
    private final List<OlderGraph> older;
    private final Hnsw wishes;
    private final BuildProgress progress;
    private final BooleanSupplier isGivenUp;

    /**
     * @param segment lent until the build has ended
     * @param older graphs of segments that its rows come from, as far as there are any; lent as long
     * @param wishes what the collection's owner says about its index
     * @param isGivenUp asked often; once true, the build ends soon and leaves nothing
     */
    GraphBuild(
            GraphSettings settings,
            SegmentStore store,
            CollectionShape shape,
            Segment segment,
            List<OlderGraph> older,
            Hnsw wishes,
            BuildProgress progress,
            BooleanSupplier isGivenUp) {
        this.settings = settings;
        this.store = store;
        this.shape = shape;
        this.segment = segment;
        this.older = older;
        this.wishes = wishes;
        this.progress = progress;
        this.isGivenUp = isGivenUp;
    }

    GraphResult run() throws IOException {
        try (BuildThreads threads = new BuildThreads(settings.buildThreads())) {
            return run(threads);
        } catch (GivenUpException _) {
            return new GraphResult.GivenUp();
        }
    }

    private GraphResult run(BuildWorkers workers) throws IOException {
        GraphParameters parameters = firstParameters();
        RecallProof proof = RecallProof.prepare(rows(), rowCount(), shape.metric(), parameters.seed(), isGivenUp);
        Optional<GraphResult> joined = join(parameters, workers, proof);
        return joined.isPresent() && joined.get() instanceof GraphResult.Built
                ? joined.get()
                : buildUntilGood(parameters, workers, proof);
    }

    private GraphResult buildUntilGood(GraphParameters first, BuildWorkers workers, RecallProof proof)
            throws IOException {
        GraphParameters parameters = first;
        GraphResult result = build(parameters, workers, proof);
        for (int i = 1; i < ATTEMPTS_MAX && result instanceof GraphResult.Refused; i++) {
            parameters = better(parameters);
            result = build(parameters, workers, proof);
        }
        return result;
    }

    private GraphParameters firstParameters() {
        int efConstruction = Math.min(wishes.efConstruction(), EF_CONSTRUCTION_MAX);
        return new GraphParameters(efConstruction, GraphParameters.DEFAULT.seed());
    }

    private static GraphParameters better(GraphParameters tried) {
        return new GraphParameters(2 * tried.efConstruction(), tried.seed());
    }

    /** Empty where there is nothing that is worth joining. */
    private Optional<GraphResult> join(GraphParameters parameters, BuildWorkers workers, RecallProof proof)
            throws IOException {
        try (BuildMemory memory = store.buildMemory()) {
            Optional<MemorySegment> graph =
                    GraphBuilder.join(rows(), rowCount(), older, parameters, workers, this::report, memory);
            return graph.isEmpty()
                    ? Optional.empty()
                    : Optional.of(finish(graph.get(), true, memory, parameters, workers, proof));
        }
    }

    private GraphResult build(GraphParameters parameters, BuildWorkers workers, RecallProof proof) throws IOException {
        try (BuildMemory memory = store.buildMemory()) {
            MemorySegment graph =
                    GraphBuilder.build(rows(), rowCount(), shape.metric(), parameters, workers, this::report, memory);
            return finish(graph, false, memory, parameters, workers, proof);
        }
    }

    /** Brings a graph into its form, proves it, and writes it. */
    private GraphResult finish(
            MemorySegment graph,
            boolean isJoined,
            BuildMemory memory,
            GraphParameters parameters,
            BuildWorkers workers,
            RecallProof proof)
            throws IOException {
        GraphForm form = form(memory);
        MemorySegment image = form == GraphForm.ROWS ? graph : CompactBuilder.build(graph, rows(), workers, memory);
        RecallCurve curve = measure(form, image, proof);
        if (curve.recallAt(floorEf(), RecallProof.K) < settings.recallFloor()) {
            return refused(parameters, curve);
        }
        var calibration = new Calibration(curve, proof.sampleSize(), settings.recallFloor(), parameters.seed());
        store.writeGraph(shape.id(), segment, new BuiltGraph(form, image, shape.metric(), parameters, calibration));
        return new GraphResult.Built(curve, isJoined);
    }

    /** A graph that there was no memory to build in would have none to be searched in. */
    private GraphForm form(BuildMemory memory) {
        return switch (settings.form()) {
            case AUTO -> memory.isOnDisk() ? GraphForm.COMPACT : GraphForm.ROWS;
            case ROWS -> GraphForm.ROWS;
            case COMPACT -> GraphForm.COMPACT;
        };
    }

    private RecallCurve measure(GraphForm form, MemorySegment image, RecallProof proof) {
        VectorIndex graph = form.open(image, rows(), rowCount(), shape.metric());
        return proof.measure(graph, efs(), isGivenUp);
    }

    private GraphResult refused(GraphParameters parameters, RecallCurve curve) {
        LOG.warn(
                "Segment {}: a graph built with {} is not used, for its recall is below {} at ef {}: {}",
                segment.name(),
                parameters,
                settings.recallFloor(),
                floorEf(),
                curve);
        return new GraphResult.Refused(curve);
    }

    /**
     * The beam width at which the floor has to be held. A collection whose queries use a narrower one has asked for less
     * recall; that does not make its graph a bad one.
     */
    private int floorEf() {
        return Math.clamp(wishes.efSearch(), RowSearch.EF_DEFAULT, RecallCurve.EF_MAX);
    }

    private int[] efs() {
        return IntStream.concat(IntStream.of(EFS), IntStream.of(floorEf()))
                .distinct()
                .sorted()
                .toArray();
    }

    private void report(long nodesDone, long nodesTotal) {
        if (isGivenUp.getAsBoolean()) {
            throw new GivenUpException();
        }
        progress.inserted(nodesDone, nodesTotal);
    }

    private EmbeddingRows rows() {
        return segment.embeddings();
    }

    private int rowCount() {
        return segment.rowCount();
    }
}
