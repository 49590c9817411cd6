package io.quiver.log.record;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One change of one record, as written to the log.
 *
 * <p>Whether it has an effect is decided when it is applied, in log order, by {@link #applyTo}: an operation that
 * reached the log can always be applied.
 */
public sealed interface Operation {
    /** The record that this operation is about. */
    String id();

    /**
     * The record after this operation, {@code null} where there is none.
     *
     * @param current the live record of this id, or {@code null}; the same instance is returned when nothing changes
     */
    @Nullable VectorRecord applyTo(@Nullable VectorRecord current);

    /** Inserts a record; where the id exists, does nothing. */
    record Add(VectorRecord record) implements Operation {
        @Override
        public String id() {
            return record.id();
        }

        @Override
        public VectorRecord applyTo(@Nullable VectorRecord current) {
            return current == null ? record : current;
        }
    }

    /** Inserts a record, or replaces its embedding and merges the rest. */
    record Upsert(RecordPatch patch, Embedding embedding) implements Operation {
        public Upsert(RecordPatch patch) {
            this(patch, Objects.requireNonNull(patch.embedding(), "an upsert needs an embedding"));
        }

        @Override
        public String id() {
            return patch.id();
        }

        @Override
        public VectorRecord applyTo(@Nullable VectorRecord current) {
            return current == null ? patch.create(embedding) : patch.patch(current);
        }
    }

    /** Changes the parts given; where the id does not exist, does nothing. */
    record Update(RecordPatch patch) implements Operation {
        @Override
        public String id() {
            return patch.id();
        }

        @Override
        public @Nullable VectorRecord applyTo(@Nullable VectorRecord current) {
            return current == null ? null : patch.patch(current);
        }
    }

    /** Removes a record; where the id does not exist, does nothing. */
    record Delete(String id) implements Operation {
        @Override
        public @Nullable VectorRecord applyTo(@Nullable VectorRecord current) {
            return null;
        }
    }
}
