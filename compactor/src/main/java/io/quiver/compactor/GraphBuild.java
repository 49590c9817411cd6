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
 * <p>Where its rows come from segments that have graphs, these are joined if that is cheaper. A graph that finds too
 * little is built again from nothing, then with more effort. Rows without any order want a wide beam, however good
 * their graph: the last graph may have that, and searches that ask for nothing else use it. Where this one finds too
 * little, too, the segment stays without: wrong answers are worse than slow ones.
 */
final class GraphBuild {
    private static final Logger LOG = LoggerFactory.getLogger(GraphBuild.class);
    private static final int[] EFS = {10, 16, 24, 32, 48, 64, 100, 150, 200, 300, 400};

    /** Asked only of a graph that finds too little with the others. */
    private static final int[] WIDE_EFS = {600, 800, 1_200, 1_600};

    /** A beam over a larger share of the rows does not cost less than looking at all of them. */
    private static final int ROWS_A_PLACE_MIN = 4;

    private static final int EF_WIDEST = WIDE_EFS[WIDE_EFS.length - 1];

    /** What callers may ask for beyond this does not make a graph better. */
    private static final int EF_CONSTRUCTION_MAX = 1_000;

    private final GraphSettings settings;
    private final SegmentStore store;
    private final CollectionShape shape;
    private final Segment segment;
    private final List<OlderGraph> older;
    private final int efConstructionMin;
    private final Hnsw wishes;
    private final BuildProgress progress;
    private final BooleanSupplier isGivenUp;

    /**
     * @param segment lent until the build has ended
     * @param older graphs of segments that its rows come from, as far as there are any; lent as long
     * @param efConstructionMin of the first graph: what its rows needed where they come from
     * @param wishes what the collection's owner says about its index
     * @param isGivenUp asked often; once true, the build ends soon and leaves nothing
     */
    GraphBuild(
            GraphSettings settings,
            SegmentStore store,
            CollectionShape shape,
            Segment segment,
            List<OlderGraph> older,
            int efConstructionMin,
            Hnsw wishes,
            BuildProgress progress,
            BooleanSupplier isGivenUp) {
        this.settings = settings;
        this.store = store;
        this.shape = shape;
        this.segment = segment;
        this.older = older;
        this.efConstructionMin = efConstructionMin;
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

    private GraphResult buildUntilGood(GraphParameters usual, BuildWorkers workers, RecallProof proof)
            throws IOException {
        GraphResult first = build(usual, floorEf(), workers, proof);
        if (!(first instanceof GraphResult.Refused)) {
            return first;
        }
        GraphResult second = build(better(usual), EF_WIDEST, workers, proof);
        if (second instanceof GraphResult.Refused(Calibration best)) {
            store.writeRefusal(shape.id(), segment, best);
        }
        return second;
    }

    private GraphParameters firstParameters() {
        int efConstruction = Math.min(Math.max(wishes.efConstruction(), efConstructionMin), EF_CONSTRUCTION_MAX);
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
                    : Optional.of(finish(graph.get(), floorEf(), true, memory, parameters, workers, proof));
        }
    }

    private GraphResult build(GraphParameters parameters, int efMax, BuildWorkers workers, RecallProof proof)
            throws IOException {
        try (BuildMemory memory = store.buildMemory()) {
            MemorySegment graph =
                    GraphBuilder.build(rows(), rowCount(), shape.metric(), parameters, workers, this::report, memory);
            return finish(graph, efMax, false, memory, parameters, workers, proof);
        }
    }

    /**
     * Brings a graph into its form, proves it, and writes it.
     *
     * @param efMax widest beam with which it has to reach the floor
     */
    private GraphResult finish(
            MemorySegment graph,
            int efMax,
            boolean isJoined,
            BuildMemory memory,
            GraphParameters parameters,
            BuildWorkers workers,
            RecallProof proof)
            throws IOException {
        GraphForm form = form(memory);
        MemorySegment image = form == GraphForm.ROWS ? graph : CompactBuilder.build(graph, rows(), workers, memory);
        RecallCurve curve = measure(form, image, proof);
        var calibration = new Calibration(curve, proof.sampleSize(), settings.recallFloor(), parameters.seed());
        if (curve.recallAt(widest(efMax), RecallProof.K) < settings.recallFloor()) {
            return refused(parameters, calibration, efMax);
        }
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
        RecallCurve usual = proof.measure(graph, efs(), isGivenUp);
        int[] wide = wideEfs();
        return wide.length == 0 || usual.recalls()[usual.recalls().length - 1] >= settings.recallFloor()
                ? usual
                : usual.then(proof.measure(graph, wide, isGivenUp));
    }

    private GraphResult refused(GraphParameters parameters, Calibration calibration, int efMax) {
        LOG.warn(
                "Segment {}: a graph built with {} is not used, for its recall is below {} at ef {}: {}",
                segment.name(),
                parameters,
                settings.recallFloor(),
                widest(efMax),
                calibration.curve());
        return new GraphResult.Refused(calibration);
    }

    /**
     * The beam width at which the floor has to be held. A collection whose queries use a narrower one has asked for
     * less recall; that does not make its graph a bad one.
     */
    private int floorEf() {
        return Math.clamp(wishes.efSearch(), RowSearch.EF_DEFAULT, RecallCurve.EF_MAX);
    }

    private int[] efs() {
        return IntStream.concat(IntStream.of(EFS), IntStream.of(floorEf()))
                .filter(ef -> ef <= widest(EF_WIDEST))
                .distinct()
                .sorted()
                .toArray();
    }

    private int[] wideEfs() {
        return IntStream.of(WIDE_EFS)
                .filter(ef -> ef > floorEf() && ef <= widest(EF_WIDEST))
                .toArray();
    }

    private int widest(int ef) {
        return Math.max(floorEf(), Math.min(ef, rowCount() / ROWS_A_PLACE_MIN));
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
