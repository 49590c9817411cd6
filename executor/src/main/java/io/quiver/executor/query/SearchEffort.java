package io.quiver.executor.query;

import io.quiver.log.record.QuiverException;
import org.jspecify.annotations.Nullable;

/** How much a nearest-neighbour search may do for its recall. */
public sealed interface SearchEffort {
    SearchEffort DEFAULT = new Default();

    /** What a caller asked for in two optional fields, of which one at most may be given. */
    static SearchEffort of(@Nullable Integer ef, @Nullable Double targetRecall) {
        if (ef != null && targetRecall != null) {
            throw QuiverException.invalid(
                    "ef (%d) and target_recall (%s) exclude each other".formatted(ef, targetRecall));
        }
        try {
            return ef != null ? new Ef(ef) : targetRecall != null ? new TargetRecall(targetRecall) : DEFAULT;
        } catch (IllegalArgumentException refusal) {
            throw QuiverException.invalid(String.valueOf(refusal.getMessage()));
        }
    }

    /** As the collection is configured, else as the server thinks right. */
    record Default() implements SearchEffort {}

    /**
     * A beam of this width in every graph, or of k where that is more.
     *
     * @param ef 1 to {@link #EF_MAX}
     */
    record Ef(int ef) implements SearchEffort {
        public static final int EF_MAX = 16_384;

        public Ef {
            if (ef < 1 || ef > EF_MAX) {
                throw new IllegalArgumentException("ef must lie in 1..%d, not %d".formatted(EF_MAX, ef));
            }
        }
    }

    /**
     * The narrowest beam that reaches this recall by the curve that was measured when the segment was made; 1 means an
     * exact search.
     *
     * @param recall greater than 0, at most 1
     */
    record TargetRecall(double recall) implements SearchEffort {
        public TargetRecall {
            if (!(recall > 0 && recall <= 1)) {
                throw new IllegalArgumentException("target_recall must be greater than 0 and at most 1, not " + recall);
            }
        }
    }
}
