package io.quiver.flight.service;

import io.quiver.flight.codec.Column;
import io.quiver.flight.codec.FixedListColumn;
import io.quiver.flight.codec.FloatColumn;
import io.quiver.flight.codec.ListColumn;
import io.quiver.log.record.Embedding;
import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.QuiverException;
import org.jspecify.annotations.Nullable;

/** A column of embeddings to be sent: of fixed size, unless the collection has no dimension yet. */
sealed interface EmbeddingsOut {
    Column column();

    void add(Embedding embedding);

    static EmbeddingsOut of(String name, @Nullable Integer dimension) {
        return dimension == null
                ? new Any(new ListColumn<>(name, new FloatColumn("item")))
                : new Fixed(new FixedListColumn(name, dimension), dimension);
    }

    record Fixed(FixedListColumn column, int dimension) implements EmbeddingsOut {
        @Override
        public void add(Embedding embedding) {
            if (embedding.dimension() != dimension) {
                throw new QuiverException(
                        ErrorCode.FAILED_PRECONDITION,
                        "the collection was made again with dimension %d".formatted(embedding.dimension()));
            }
            column.elements().addAll(embedding);
        }
    }

    record Any(ListColumn<FloatColumn> column) implements EmbeddingsOut {
        @Override
        public void add(Embedding embedding) {
            column.elements().addAll(embedding);
            column.endList();
        }
    }
}
