package io.quiver.executor.segment;

import io.quiver.executor.index.FlatIndex;
import io.quiver.executor.index.Metric;
import io.quiver.executor.index.VectorIndex;
import io.quiver.executor.index.graph.GraphIndex;
import io.quiver.executor.index.plan.PlannedIndex;
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
 * What a sealed segment is searched with: a scan, of codes once these are made, until it has a graph; then the graph
 * where its file is mapped, which takes no time to open; then the graph on huge pages, once that has been loaded. The
 * codes stay beside the graph, for filters that accept too few rows for a walk and too many for a scan: mapped, or made
 * in memory where the segment has no whole file of them.
 *
 * <p>A graph that is damaged, or for which there is no memory, costs speed and never an answer: a damaged one is left,
 * and the segment counts as one without a graph, so that it is built again. Damaged codes are left, too.
 *
 * <p><b>Threads.</b> {@link #current} is for any thread; the others take turns. A search keeps the index that it began
 * with. <b>Memory.</b> Mappings belong to the segment's arena; the huge pages are shared with forks, and codes made
 * in memory owned here, until {@link #close}.
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
    private final SharedGraphs graphs;
    private final VectorIndex scan;
    private volatile VectorIndex current;
    private @Nullable PlannedIndex planned;
    private volatile @Nullable GraphFiles graph;
    private volatile float graphRecallMax = 1;
    private SharedGraphs.@Nullable Id loaded;
    private @Nullable SealedCodes encoded;
    private volatile @Nullable CodesFile kept;
    private @Nullable VectorIndex coded;

    /**
     * Of one segment.
     *
     * @param graphs of all segments
     * @param arena of the segment, closed after this
     */
    SealedIndex(
            Storage storage,
            String directory,
            UUID segment,
            Metric metric,
            VectorFiles vectors,
            OffHeapBudget budget,
            SharedGraphs graphs,
            Arena arena) {
        this.storage = storage;
        this.directory = directory;
        this.segment = segment;
        this.metric = metric;
        this.vectors = vectors;
        this.budget = budget;
        this.graphs = graphs;
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

    int graphEfConstruction() {
        GraphFiles opened = graph;
        return opened == null ? 0 : opened.efConstruction();
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

    /**
     * Sees to it that nothing is searched whose checksums have not been compared: those of the codes are compared now,
     * and the graph, which is many times larger, is not walked before {@link #loadGraph} has read it. Where there are
     * no codes, the graph's are compared now.
     */
    synchronized void walkLater() {
        openCodes();
        if (kept == null) {
            leaveDamage(ReadPace.UNBOUNDED);
        } else {
            planned = null;
            goOver();
        }
    }

    /** Goes over to the graph on huge pages, if there is a graph and memory for it. */
    synchronized void loadGraph(BooleanSupplier isGivenUp) {
        openGraph();
        GraphFiles opened = graph;
        if (opened == null || loaded != null) {
            return;
        }
        try {
            load(opened, isGivenUp);
        } catch (QuiverException refusal) {
            LOG.info("{}: its graph stays in the mapped file: {}", directory, refusal.getMessage());
            walkInFile(opened);
        } catch (IOException damage) {
            leaveGraph(damage);
        }
    }

    private void walkInFile(GraphFiles opened) {
        try {
            if (planned == null) {
                opened.compareChecksums(ReadPace.UNBOUNDED);
                planned = opened.mapped();
                goOver();
            }
        } catch (IOException damage) {
            leaveGraph(damage);
        }
    }

    private void load(GraphFiles opened, BooleanSupplier isGivenUp) throws IOException {
        SharedGraphs.Id id = opened.id();
        HotGraph hot = graphs.open(id, () -> opened.copied(budget, isGivenUp));
        if (hot != null) {
            loaded = id;
            walkIn(hot, opened);
        }
    }

    /** Where it does not fit this segment it is given back, so that one that is built later can be loaded. */
    private void walkIn(HotGraph hot, GraphFiles opened) throws IOException {
        try {
            planned = opened.over(hot);
        } catch (IOException damage) {
            giveBackGraph();
            throw damage;
        }
        goOver();
        opened.forgetPages();
    }

    private void giveBackGraph() {
        if (loaded != null) {
            graphs.close(loaded);
            loaded = null;
        }
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

    /** Searches by the codes in their file too, if there is one and it is whole; a compact graph is to save memory. */
    synchronized void openCodes() {
        try {
            if (coded == null && !isCompact()) {
                Optional<CodesFile> opened = CodesFile.open(storage, directory, segment, metric, vectors, arena);
                if (opened.isPresent()) {
                    opened.get().compareChecksums(ReadPace.UNBOUNDED);
                    kept = opened.get();
                    goOverTo(opened.get().index());
                }
            }
        } catch (IOException damage) {
            leaveCodes(damage);
        }
    }

    /** Searches by codes that are made now, where there are none, and rows and memory enough for that. */
    synchronized void encode(BooleanSupplier isGivenUp) {
        if (coded != null || isCompact() || !CodesFile.areWorthwhile(vectors.dimension(), vectors.rowCount())) {
            return;
        }
        try {
            encoded = SealedCodes.encode(metric, vectors, vectors.rowCount(), budget, isGivenUp);
            goOverTo(encoded == null ? null : encoded.index());
        } catch (QuiverException refusal) {
            LOG.info("{}: its rows are scanned without codes: {}", directory, refusal.getMessage());
        }
    }

    private boolean isCompact() {
        GraphFiles opened = graph;
        return opened != null && opened.isCompact();
    }

    private void goOverTo(@Nullable VectorIndex codes) {
        coded = codes;
        goOver();
    }

    private void leaveCodes(IOException damage) {
        LOG.error("{}: its codes cannot be used: {}", directory, damage.getMessage());
        kept = null;
        goOverTo(null);
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
        VectorIndex codes = coded;
        if (walked == null) {
            current = codes == null ? scan : codes;
        } else {
            current = codes == null ? walked : walked.withCodes(codes);
        }
    }

    /** Reads the whole graph and the codes, if there are any, from their files. */
    void verify() throws IOException {
        try (Arena ours = Arena.ofShared()) {
            if (GraphFiles.exist(storage, directory)) {
                GraphFiles.open(storage, directory, segment, metric, vectors, ours)
                        .verify();
            }
            Optional<CodesFile> codes = CodesFile.open(storage, directory, segment, metric, vectors, ours);
            if (codes.isPresent()) {
                codes.get().verify();
            }
        }
    }

    /** Reads the whole graph and the codes from their files, as far as these are used, and leaves what is damaged. */
    void leaveDamage(ReadPace pace) {
        leaveDamagedGraph(pace);
        CodesFile codes = kept;
        if (codes != null) {
            try {
                codes.compareChecksums(pace);
            } catch (CorruptSegmentException damage) {
                leaveDamaged(codes, damage);
            }
        }
    }

    private synchronized void leaveDamaged(CodesFile damaged, IOException damage) {
        if (kept == damaged) {
            leaveCodes(damage);
        }
    }

    private void leaveDamagedGraph(ReadPace pace) {
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
        giveBackGraph();
        if (encoded != null) {
            encoded.close();
        }
    }
}
