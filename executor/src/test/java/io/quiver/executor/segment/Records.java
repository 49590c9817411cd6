package io.quiver.executor.segment;

import io.quiver.executor.index.Seeds;
import io.quiver.executor.sparse.SparseVectors;
import io.quiver.executor.sparse.SparseVectors.Weights;
import io.quiver.log.record.Embedding;
import io.quiver.log.record.Metadata;
import io.quiver.log.record.MetadataValue;
import io.quiver.log.record.MetadataValue.Array;
import io.quiver.log.record.MetadataValue.Bool;
import io.quiver.log.record.MetadataValue.Int;
import io.quiver.log.record.MetadataValue.Real;
import io.quiver.log.record.MetadataValue.Sparse;
import io.quiver.log.record.MetadataValue.Text;
import io.quiver.log.record.VectorRecord;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Records for tests. */
final class Records {
    private static final String[] TEXTS = {
        "", "a", "quiver", "向量数据库", "ünïcödé 🏹", "a longer text, with\nlines\tand tabs"
    };

    private Records() {}

    static VectorRecord record(String id, float... embedding) {
        return new VectorRecord(id, Embedding.of(embedding), null, null, Metadata.EMPTY);
    }

    /** A record with some parts, ids {@code id-0, id-1, ...}. */
    static VectorRecord random(Random random, int number, int dimension) {
        return new VectorRecord(
                "id-" + number,
                Embedding.of(Seeds.embedding(random, dimension)),
                random.nextBoolean() ? text(random) + number : null,
                random.nextInt(4) == 0 ? "file:///" + number : null,
                metadata(random));
    }

    static List<VectorRecord> random(Random random, int count, int dimension, int firstNumber) {
        List<VectorRecord> records = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            records.add(random(random, firstNumber + i, dimension));
        }
        return records;
    }

    private static Metadata metadata(Random random) {
        Map<String, MetadataValue> fields = new LinkedHashMap<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            fields.put("field" + random.nextInt(9), value(random));
        }
        return new Metadata(fields);
    }

    private static MetadataValue value(Random random) {
        return switch (random.nextInt(6)) {
            case 0 -> new Bool(random.nextBoolean());
            case 1 -> new Int(random.nextLong());
            case 2 -> new Real(random.nextGaussian());
            case 3 -> new Text(text(random));
            case 4 -> new Sparse(new SparseVectors(random, 50, Weights.SIGNED).next(random.nextInt(9)));
            default -> new Array(List.of(new Int(random.nextInt()), new Int(7)));
        };
    }

    private static String text(Random random) {
        return TEXTS[random.nextInt(TEXTS.length)];
    }
}
