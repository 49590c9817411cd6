package io.quiver.executor.filter;

import io.quiver.log.record.Metadata;
import io.quiver.log.record.MetadataValue;
import io.quiver.log.record.MetadataValue.Array;
import io.quiver.log.record.MetadataValue.Scalar;
import io.quiver.log.record.MetadataValue.Sparse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.lucene.document.BinaryPoint;
import org.apache.lucene.util.BytesRef;

/**
 * Turns metadata into terms and points, and gives ordinals to keys as they first have a number. Belongs to one thread.
 */
final class MetadataFields {
    private final int pointKeysMax;
    private final Indexed indexed;
    private final Map<String, Integer> ordinals = new HashMap<>();
    private final List<BytesRef> terms = new ArrayList<>();
    private final List<BinaryPoint> points = new ArrayList<>();

    MetadataFields(int pointKeysMax, Indexed indexed) {
        this.pointKeysMax = pointKeysMax;
        this.indexed = indexed;
    }

    /** Takes the metadata of the next row. */
    void set(Metadata metadata) {
        terms.clear();
        points.clear();
        metadata.fields().forEach((key, value) -> {
            if (indexed.has(key, value)) {
                add(key, value);
            }
        });
    }

    /** The terms of the current row. */
    List<BytesRef> terms() {
        return terms;
    }

    /** The points of the current row. */
    List<BinaryPoint> points() {
        return points;
    }

    private void add(String key, MetadataValue value) {
        switch (value) {
            case Scalar scalar when NumberLine.isNumber(scalar) -> addNumber(key, scalar);
            case Scalar scalar -> terms.add(MetadataTerms.scalar(key, scalar));
            case Array(var elements) ->
                Set.copyOf(elements).forEach(element -> terms.add(MetadataTerms.element(key, element)));
            case Sparse _ -> {}
        }
    }

    private void addNumber(String key, Scalar number) {
        int ordinal = ordinal(key);
        if (ordinal < 0) {
            terms.add(MetadataTerms.scalar(key, number));
        } else {
            byte[] prefix = MetadataTerms.pointPrefix(ordinal);
            points.add(new BinaryPoint(
                    MetadataTerms.POINTS, NumberRange.only(prefix, number).from()));
        }
    }

    /** The ordinal of a key, -1 when there is none left. */
    private int ordinal(String key) {
        Integer known = ordinals.get(key);
        if (known != null) {
            return known;
        }
        if (ordinals.size() == pointKeysMax) {
            return -1;
        }
        int ordinal = ordinals.size();
        ordinals.put(key, ordinal);
        terms.add(MetadataTerms.ordinal(key, ordinal));
        return ordinal;
    }
}
