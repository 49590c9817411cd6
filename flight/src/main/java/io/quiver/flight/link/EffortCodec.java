package io.quiver.flight.link;

import io.quiver.executor.query.Query;
import io.quiver.executor.query.SearchEffort;
import io.quiver.log.record.GrowingBuffer;
import java.nio.ByteBuffer;

/** How hard a nearest-neighbour query searches and what it wants to know of it; {@link QueryCodec} has the layout. */
final class EffortCodec {
    static final Asked NOTHING = new Asked(SearchEffort.DEFAULT, false, false);

    private static final int DEFAULT = 0;
    private static final int EF = 1;
    private static final int TARGET_RECALL = 2;

    private static final int ESTIMATE_RECALL = 1;
    private static final int EXPLAIN = 2;

    private EffortCodec() {}

    record Asked(SearchEffort effort, boolean estimateRecall, boolean explain) {}

    static void write(GrowingBuffer out, Query.Nearest query) {
        switch (query.effort()) {
            case SearchEffort.Default() -> out.putByte(DEFAULT).putLong(0);
            case SearchEffort.Ef(int ef) -> out.putByte(EF).putLong(ef);
            case SearchEffort.TargetRecall(double recall) ->
                out.putByte(TARGET_RECALL).putLong(Double.doubleToLongBits(recall));
        }
        out.putByte((query.estimateRecall() ? ESTIMATE_RECALL : 0) | (query.explain() ? EXPLAIN : 0));
    }

    static Asked read(ByteBuffer in) {
        SearchEffort effort = effort(in.get(), in.getLong());
        int wishes = in.get();
        return new Asked(effort, (wishes & ESTIMATE_RECALL) != 0, (wishes & EXPLAIN) != 0);
    }

    private static SearchEffort effort(int kind, long value) {
        return switch (kind) {
            case DEFAULT -> SearchEffort.DEFAULT;
            case EF -> new SearchEffort.Ef(Math.toIntExact(value));
            case TARGET_RECALL -> new SearchEffort.TargetRecall(Double.longBitsToDouble(value));
            default -> throw new IllegalArgumentException("unknown kind of effort: " + kind);
        };
    }
}
