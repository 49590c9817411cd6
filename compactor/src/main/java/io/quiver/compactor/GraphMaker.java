package io.quiver.compactor;

import io.quiver.executor.CollectionShape;
import io.quiver.executor.CompactionSource;
import io.quiver.executor.HeldSegments;
import io.quiver.executor.index.graph.OlderGraph;
import io.quiver.executor.segment.Segment;
import io.quiver.executor.segment.SegmentStore;
import io.quiver.log.catalog.Catalog;
import io.quiver.log.catalog.IndexParameters.Hnsw;
import io.quiver.log.record.CollectionId;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Does the work of a {@link GraphTask}, on the thread that calls. Nothing about graphs is in the manifest: they are
 * made from what it names, at any time again.
 */
final class GraphMaker {
    private final GraphSettings settings;
    private final CompactionSource source;
    private final Catalog catalog;
    private final SegmentStore store;
    private final MergePublication publication;
    private final BooleanSupplier isClosed;
    private volatile CompactionStats.@Nullable Progress running;

    /** @param isClosed asked often; once true, the work under way ends soon and leaves nothing */
    GraphMaker(
            GraphSettings settings,
            CompactionSource source,
            Catalog catalog,
            SegmentStore store,
            MergePublication publication,
            BooleanSupplier isClosed) {
        this.settings = settings;
        this.source = source;
        this.catalog = catalog;
        this.store = store;
        this.publication = publication;
        this.isClosed = isClosed;
    }

    /** The build under way; for any thread. */
    CompactionStats.@Nullable Progress running() {
        return running;
    }

    GraphResult run(GraphTask task) {
        try {
            Optional<HeldSegments> held = source.hold(task.collection(), task.segments());
            if (held.isEmpty()) {
                return new GraphResult.GivenUp();
            }
            try (HeldSegments segments = held.get()) {
                return run(task, segments);
            }
        } catch (Exception failure) {
            return new GraphResult.Failed(failure);
        } finally {
            running = null;
        }
    }

    /** Segments that were left meanwhile may have lost their files: what fails then is no failure. */
    private GraphResult run(GraphTask task, HeldSegments held) throws Exception {
        try {
            report(task.collection(), 0, task.rows());
            return switch (task) {
                case GraphTask.Build _ ->
                    build(held.shape(), held.segments().getFirst(), List.of(), 0, isGivenUp(held));
                case GraphTask.Merge merge -> merge(merge.occasion(), held);
            };
        } catch (GivenUpException _) {
            return new GraphResult.GivenUp();
        } catch (Exception failure) {
            if (held.areWanted()) {
                throw failure;
            }
            return new GraphResult.GivenUp();
        }
    }

    private BooleanSupplier isGivenUp(HeldSegments held) {
        return () -> isClosed.getAsBoolean() || !held.areWanted();
    }

    private GraphResult merge(GraphTask.Occasion occasion, HeldSegments held) throws IOException {
        return switch (occasion) {
            case DUE -> merge(held, result -> result, isGivenUp(held));
            case ASKED -> mergeForSearches(held, isGivenUp(held));
            case REST -> mergeForSearches(held, isGivenUpForWrites(held));
        };
    }

    /** Only searches gain by it: it must neither take what writes need nor find less than before. */
    private GraphResult mergeForSearches(HeldSegments held, BooleanSupplier isGivenUp) throws IOException {
        long bytes = held.segments().stream().mapToLong(Segment::sizeBytes).sum();
        return store.hasRoomFor(bytes)
                ? merge(held, new KeptRecall(held.segments()), isGivenUp)
                : new GraphResult.GivenUp();
    }

    private BooleanSupplier isGivenUpForWrites(HeldSegments held) {
        BooleanSupplier isGivenUp = isGivenUp(held);
        RestPace pace = new RestPace(source);
        return () -> {
            pace.giveWay();
            return !held.areAtRest() || isGivenUp.getAsBoolean();
        };
    }

    private GraphResult merge(HeldSegments held, UnaryOperator<GraphResult> judge, BooleanSupplier isGivenUp)
            throws IOException {
        int efConstructionMin = held.segments().stream()
                .mapToInt(Segment::graphEfConstruction)
                .max()
                .orElse(0);
        Merge.GraphStep step = (fresh, origins) ->
                fresh.rowCount() < settings.rowsMin(held.shape().dimension())
                        ? new GraphResult.Unneeded()
                        : judge.apply(build(held.shape(), fresh, origins.graphs(), efConstructionMin, isGivenUp));
        return new Merge(store, new Integrity(source), publication, held, step, isGivenUp).run();
    }

    private GraphResult build(
            CollectionShape shape,
            Segment segment,
            List<OlderGraph> older,
            int efConstructionMin,
            BooleanSupplier isGivenUp)
            throws IOException {
        CollectionId id = shape.id();
        GraphResult result = new GraphBuild(
                        settings,
                        store,
                        shape,
                        segment,
                        older,
                        efConstructionMin,
                        wishes(id),
                        (done, total) -> report(id, done, total),
                        isGivenUp)
                .run();
        return result instanceof GraphResult.Built ? used(segment, result) : result;
    }

    private GraphResult used(Segment segment, GraphResult result) {
        segment.warm(isClosed);
        return segment.hasGraph()
                ? result
                : new GraphResult.Failed(new IllegalStateException("the graph that was written cannot be opened"));
    }

    private void report(CollectionId collection, long rowsDone, long rowsTotal) {
        running = new CompactionStats.Progress(collection, rowsDone, rowsTotal);
    }

    private Hnsw wishes(CollectionId id) {
        var index = catalog.collection(id)
                .blockOptional()
                .orElseThrow()
                .configuration()
                .index();
        return index instanceof Hnsw hnsw ? hnsw : Hnsw.DEFAULT;
    }
}
