package io.quiver.log.record;

import java.util.List;

/**
 * A value of a metadata field. Integers and floating-point numbers keep their kind, on the way in and on the way out.
 */
public sealed interface MetadataValue {
    record Bool(boolean value) implements Scalar {}

    record Int(long value) implements Scalar {}

    record Real(double value) implements Scalar {
        public Real {
            if (!Double.isFinite(value)) {
                throw new IllegalArgumentException("a metadata number must be finite, not " + value);
            }
        }
    }

    record Text(String value) implements Scalar {}

    /** Values of one kind; may be empty. */
    record Array(List<? extends Scalar> values) implements MetadataValue {
        public Array {
            values = List.copyOf(values);
            for (Scalar value : values) {
                if (value.getClass() != values.getFirst().getClass()) {
                    throw new IllegalArgumentException("a metadata array must hold values of one kind");
                }
            }
        }
    }

    /** For the nearest of sparse vectors; no filter compares with it. */
    record Sparse(SparseVector vector) implements MetadataValue {}

    /** What a filter may compare with. */
    sealed interface Scalar extends MetadataValue {}
}
