package io.quiver.compactor;

import io.quiver.executor.CollectionShape;
import io.quiver.executor.HeldSegments;
import io.quiver.executor.RowsInOrder;
import io.quiver.executor.segment.ReadPace;
import io.quiver.executor.segment.Segment;
import io.quiver.executor.segment.SegmentStore;
import io.quiver.executor.segment.SegmentWriter;
import io.quiver.log.catalog.Manifest;
import java.io.IOException;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * One merge: writes published segments that have graphs again as one, without the rows that had ended, gives that one
 * its graph, and only then has it published in their place. Until then searches walk the old graphs, and folds go on.
 */
final class Merge {
    /** Rows between two looks at whether to go on. */
    private static final int LOOK_ROWS = 1_024;

    private final SegmentStore store;
    private final Integrity integrity;
    private final MergePublication publication;
    private final HeldSegments sources;
    private final GraphStep graphStep;
    private final BooleanSupplier isGivenUp;
    private final RowOrigins origins;

    /** Gives a segment that is not published yet its graph, where it needs one. */
    @FunctionalInterface
    interface GraphStep {
        GraphResult run(Segment fresh, RowOrigins origins) throws IOException;
    }

    Merge(
            SegmentStore store,
            Integrity integrity,
            MergePublication publication,
            HeldSegments sources,
            GraphStep graphStep,
            BooleanSupplier isGivenUp) {
        this.store = store;
        this.integrity = integrity;
        this.publication = publication;
        this.sources = sources;
        this.graphStep = graphStep;
        this.isGivenUp = isGivenUp;
        this.origins = new RowOrigins(sources);
    }

    GraphResult run() throws IOException {
        integrity.require(sources.shape().id(), sources.segments(), ReadPace.UNBOUNDED);
        RowsInOrder rows = sources.rows();
        if (!rows.advance()) {
            return publish(new GraphResult.Unneeded(), Optional.empty());
        }
        CollectionShape shape = sources.shape();
        Manifest.Segment entry = write(rows);
        return withGraph(new Fresh(store.open(shape.id(), shape.metric(), shape.dimension(), entry), entry));
    }

    private Manifest.Segment write(RowsInOrder rows) throws IOException {
        CollectionShape shape = sources.shape();
        try (SegmentWriter writer = store.create(shape.id(), shape.metric(), shape.dimension(), shape.indexed())) {
            int written = 0;
            do {
                writer.append(rows.segment(), rows.row());
                origins.wrote(rows.segment(), rows.row(), written);
                if (++written % LOOK_ROWS == 0 && isGivenUp.getAsBoolean()) {
                    throw new GivenUpException();
                }
            } while (rows.advance());
            return writer.finish();
        }
    }

    private GraphResult withGraph(Fresh fresh) throws IOException {
        GraphResult result;
        try {
            result = graphStep.run(fresh.segment(), origins);
        } catch (IOException | RuntimeException failure) {
            fresh.discard();
            throw failure;
        }
        return switch (result) {
            case GraphResult.Built _, GraphResult.Unneeded _ -> publish(result, Optional.of(fresh));
            case GraphResult.Refused _, GraphResult.Worse _, GraphResult.GivenUp _, GraphResult.Failed _ -> {
                fresh.discard();
                yield result;
            }
        };
    }

    private GraphResult publish(GraphResult result, Optional<Fresh> fresh) throws IOException {
        return publication.publish(sources, fresh) ? result : new GraphResult.GivenUp();
    }

    /** What was written, and its entry for the manifest; the segment is owned. */
    record Fresh(Segment segment, Manifest.Segment entry) {
        void discard() {
            segment.retire();
            segment.release();
        }
    }
}
