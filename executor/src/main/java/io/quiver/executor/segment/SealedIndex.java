package io.quiver.executor.segment;

import io.quiver.executor.index.FlatIndex;
import io.quiver.executor.index.Metric;
import io.quiver.executor.index.VectorIndex;
import io.quiver.executor.index.graph.GraphIndex;
import io.quiver.executor.index.plan.PlannedIndex;
import io.quiver.executor.segment.OffHeapBudget.Owner;
import io.quiver.log.record.QuiverException;
import io.quiver.log.storage.Storage;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a sealed segment is searched with: a scan, of codes once these are made, until it has a graph; then the graph where its
 * file is mapped, which takes no time to open; then the graph on huge pages, once that has been loaded. The codes stay beside
 * the graph, for filters that accept too few rows for a walk and too many for a scan.
 *
 * <p>A graph that is damaged, or for which there is no memory, costs speed and never an answer: a damaged one is left, and
 * the segment counts as one without a graph, so that it is built again.
 *
 * <p><b>Threads.</b> {@link #current} is for any thread; the others take turns. A search keeps the index that it began with.
 * <b>Memory.</b> The mapping belongs to the segment's arena, the huge pages and the codes are owned here until {@link #close}.
 */
final class SealedIndex implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SealedIndex.class);

    private final Storage storage;
    private final String directory;
    private final UUID segment;
    private final Metric metric;
    private final VectorFiles vectors;
    private final Arena arena;
    private final OffHeapBudget budget;
    private final VectorIndex scan;
    private volatile VectorIndex current;
    private @Nullable PlannedIndex planned;
    private volatile @Nullable GraphFiles graph;
    private volatile float graphRecallMax = 1;
    private @Nullable HotMemory memory;
    private @Nullable SealedCodes codes;

    /** @param arena of the segment, closed after this */
    SealedIndex(
            Storage storage,
            String directory,
            UUID segment,
            Metric metric,
            VectorFiles vectors,
            OffHeapBudget budget,
            Arena arena) {
        this.storage = storage;
        this.directory = directory;
        this.segment = segment;
        this.metric = metric;
        this.vectors = vectors;
        this.budget = budget;
        this.arena = arena;
        this.scan = new FlatIndex(metric, vectors);
        this.current = scan;
    }

    VectorIndex current() {
        return current;
    }

    boolean hasGraph() {
        return graph != null;
    }

    float graphRecallMax() {
        return graphRecallMax;
    }

    /** Bytes of the graph, wherever it is read. */
    long graphBytes() {
        GraphFiles opened = graph;
        return opened == null ? 0 : opened.imageBytes();
    }

    /** Goes over to the graph in its mapped file, if there is one. */
    synchronized void openGraph() {
        try {
            if (graph == null && GraphFiles.exist(storage, directory)) {
                GraphFiles opened = GraphFiles.open(storage, directory, segment, metric, vectors, arena);
                planned = opened.mapped();
                graph = opened;
                goOver();
            } else if (graph == null) {
                graphRecallMax = GraphFiles.refusedRecall(storage, directory, segment, vectors.rowCount());
            }
        } catch (IOException damage) {
            leaveGraph(damage);
        }
    }

    /** Goes over to the graph on huge pages, if there is a graph and memory for it. */
    synchronized void loadGraph(BooleanSupplier isGivenUp) {
        openGraph();
        GraphFiles opened = graph;
        if (opened == null || memory != null) {
            return;
        }
        try {
            memory = load(opened, isGivenUp);
        } catch (QuiverException refusal) {
            LOG.info("{}: its graph stays in the mapped file: {}", directory, refusal.getMessage());
        } catch (IOException damage) {
            leaveGraph(damage);
        }
    }

    private @Nullable HotMemory load(GraphFiles opened, BooleanSupplier isGivenUp) throws IOException {
        HotMemory fresh = new HotMemory(budget, Owner.GRAPH);
        PlannedIndex loaded = null;
        try {
            loaded = opened.copied(fresh, isGivenUp);
        } finally {
            if (loaded == null) {
                fresh.close();
            }
        }
        if (loaded == null) {
            return null;
        }
        planned = loaded;
        goOver();
        opened.forgetPages();
        return fresh;
    }

    /** The graph in its file, whatever is searched now; empty where it is damaged, too. */
    Optional<GraphIndex> wholeGraph() {
        GraphFiles opened = graph;
        try {
            return opened == null ? Optional.empty() : opened.whole();
        } catch (CorruptSegmentException damage) {
            LOG.error("{}: no other graph can be made of its graph: {}", directory, damage.getMessage());
            return Optional.empty();
        }
    }

    /** Searches by codes too, if there are rows and memory enough for that; a compact graph is to save memory. */
    synchronized void encode(int rowCount, BooleanSupplier isGivenUp) {
        GraphFiles opened = graph;
        if (codes != null
                || opened != null && opened.isCompact()
                || !SealedCodes.areWorthwhile(vectors.dimension(), rowCount)) {
            return;
        }
        try {
            codes = SealedCodes.encode(metric, vectors, rowCount, budget, isGivenUp);
            goOver();
        } catch (QuiverException refusal) {
            LOG.info("{}: its rows are scanned without codes: {}", directory, refusal.getMessage());
        }
    }

    private void leaveGraph(IOException damage) {
        LOG.error("{}: its graph cannot be used and is to be built again: {}", directory, damage.getMessage());
        graph = null;
        planned = null;
        goOver();
    }

    /** To the best there is now. */
    private void goOver() {
        PlannedIndex walked = planned;
        SealedCodes made = codes;
        if (walked == null) {
            current = made == null ? scan : made.index();
        } else {
            current = made == null ? walked : walked.withCodes(made.index());
        }
    }

    /** Reads the whole graph, if there is one, from its file. */
    void verify() throws IOException {
        if (GraphFiles.exist(storage, directory)) {
            try (Arena ours = Arena.ofShared()) {
                GraphFiles.open(storage, directory, segment, metric, vectors, ours)
                        .verify();
            }
        }
    }

    /** Reads the whole graph from its file, if it is used, and leaves it where it is damaged. */
    void leaveDamage(ReadPace pace) {
        GraphFiles opened = graph;
        if (opened != null) {
            try {
                opened.compareChecksums(pace);
            } catch (CorruptSegmentException damage) {
                leaveDamaged(opened, damage);
            }
        }
    }

    private synchronized void leaveDamaged(GraphFiles damaged, IOException damage) {
        if (graph == damaged) {
            leaveGraph(damage);
        }
    }

    /** When nobody searches any more. */
    @Override
    public synchronized void close() {
        if (memory != null) {
            memory.close();
        }
        if (codes != null) {
            codes.close();
        }
    }
}
