package io.quiver.flight.link;

import io.quiver.executor.query.GroupBy;
import io.quiver.executor.query.Query;
import io.quiver.executor.query.Rank;
import io.quiver.log.record.Embedding;
import io.quiver.log.record.GrowingBuffer;
import io.quiver.log.record.MetadataCodec;
import io.quiver.log.record.SparseVector;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The expression and the grouping of a search, as bytes, little-endian.
 *
 * <pre>
 * ranking = rank, u8 is there a grouping?, its keys and order: texts, u8 is descending?, i32 k
 * rank = 1 knn: target, i32 limit, u8 is there a default?, f64 default, u8 is place? | 2 value: f64
 *        | 3 folded: u8 fold, i32 count, count x rank | 4 combined: u8 operator, rank, rank | 5 mapped: u8 function, rank
 * target = 1 dense: i32 dimension, f32 each | 2 sparse: text key, i32 count, u32 index each, f32 value each
 * texts = i32 count, count x text           text = i32 length, UTF-8
 * </pre>
 */
final class RankCodec {
    private static final int KNN = 1;
    private static final int VALUE = 2;
    private static final int FOLDED = 3;
    private static final int COMBINED = 4;
    private static final int MAPPED = 5;

    private static final int DENSE = 1;
    private static final int SPARSE = 2;

    private RankCodec() {}

    record Asked(Rank rank, @Nullable GroupBy groupBy) {}

    /** Of all vectors of a search: they are most of what travels. */
    static long vectorBytes(Query.Search search) {
        return search.knns().stream()
                .mapToLong(knn -> switch (knn.target()) {
                    case Rank.Target.Dense(var embedding) -> (long) embedding.dimension() * Float.BYTES;
                    case Rank.Target.Sparse(var key, var vector) ->
                        (long) vector.size() * (Integer.BYTES + Float.BYTES);
                })
                .sum();
    }

    static void write(GrowingBuffer out, Query.Search search) {
        write(out, search.rank());
        GroupBy groupBy = search.groupBy();
        out.putByte(groupBy == null ? 0 : 1);
        if (groupBy != null) {
            writeTexts(out, groupBy.keys());
            writeTexts(out, groupBy.order());
            out.putByte(groupBy.isDescending() ? 1 : 0).putInt(groupBy.k());
        }
    }

    static Asked read(ByteBuffer in) {
        Rank rank = readRank(in);
        return new Asked(rank, in.get() == 0 ? null : readGroupBy(in));
    }

    private static void write(GrowingBuffer out, Rank rank) {
        switch (rank) {
            case Rank.Knn knn -> writeKnn(out.putByte(KNN), knn);
            case Rank.Value(double value) -> putDouble(out.putByte(VALUE), value);
            case Rank.Folded(var fold, var operands) ->
                out.putByte(FOLDED).putByte(code(fold)).putInt(operands.size());
            case Rank.Combined(var operator, var left, var right) ->
                out.putByte(COMBINED).putByte(code(operator));
            case Rank.Mapped(var function, var operand) -> out.putByte(MAPPED).putByte(code(function));
        }
        rank.operands().forEach(operand -> write(out, operand));
    }

    private static void writeKnn(GrowingBuffer out, Rank.Knn knn) {
        writeTarget(out, knn.target());
        Double otherwise = knn.otherwise();
        out.putInt(knn.limit()).putByte(otherwise == null ? 0 : 1);
        putDouble(out, otherwise == null ? 0 : otherwise);
        out.putByte(knn.isPlace() ? 1 : 0);
    }

    private static void writeTarget(GrowingBuffer out, Rank.Target target) {
        switch (target) {
            case Rank.Target.Dense(var embedding) ->
                out.putByte(DENSE).putInt(embedding.dimension()).putFloats(embedding);
            case Rank.Target.Sparse(var key, var vector) -> {
                out.putByte(SPARSE).putText(key).putInt(vector.size());
                for (int i = 0; i < vector.size(); i++) {
                    out.putInt(vector.index(i));
                }
                for (int i = 0; i < vector.size(); i++) {
                    out.putInt(Float.floatToRawIntBits(vector.value(i)));
                }
            }
        }
    }

    private static void writeTexts(GrowingBuffer out, List<String> texts) {
        out.putInt(texts.size());
        texts.forEach(out::putText);
    }

    private static void putDouble(GrowingBuffer out, double value) {
        out.putLong(Double.doubleToRawLongBits(value));
    }

    private static Rank readRank(ByteBuffer in) {
        int kind = in.get();
        return switch (kind) {
            case KNN -> readKnn(in);
            case VALUE -> new Rank.Value(in.getDouble());
            case FOLDED -> new Rank.Folded(fold(in.get()), readRanks(in, in.getInt()));
            case COMBINED -> new Rank.Combined(operator(in.get()), readRank(in), readRank(in));
            case MAPPED -> new Rank.Mapped(function(in.get()), readRank(in));
            default -> throw new IllegalArgumentException("unknown kind of rank: " + kind);
        };
    }

    private static List<Rank> readRanks(ByteBuffer in, int count) {
        List<Rank> ranks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ranks.add(readRank(in));
        }
        return ranks;
    }

    private static Rank.Knn readKnn(ByteBuffer in) {
        Rank.Target target = readTarget(in);
        int limit = in.getInt();
        boolean hasOtherwise = in.get() == 1;
        double otherwise = in.getDouble();
        return new Rank.Knn(target, limit, hasOtherwise ? (Double) otherwise : null, in.get() == 1);
    }

    private static Rank.Target readTarget(ByteBuffer in) {
        int kind = in.get();
        return switch (kind) {
            case DENSE -> new Rank.Target.Dense(Embedding.of(readFloats(in, in.getInt())));
            case SPARSE -> new Rank.Target.Sparse(MetadataCodec.readText(in), readVector(in, in.getInt()));
            default -> throw new IllegalArgumentException("unknown kind of target: " + kind);
        };
    }

    private static SparseVector readVector(ByteBuffer in, int count) {
        int[] indices = new int[count];
        in.asIntBuffer().get(indices);
        in.position(in.position() + count * Integer.BYTES);
        return SparseVector.of(indices, readFloats(in, count), null);
    }

    private static float[] readFloats(ByteBuffer in, int count) {
        float[] floats = new float[count];
        in.asFloatBuffer().get(floats);
        in.position(in.position() + count * Float.BYTES);
        return floats;
    }

    private static GroupBy readGroupBy(ByteBuffer in) {
        return new GroupBy(readTexts(in), readTexts(in), in.get() == 1, in.getInt());
    }

    private static List<String> readTexts(ByteBuffer in) {
        int count = in.getInt();
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            texts.add(MetadataCodec.readText(in));
        }
        return texts;
    }

    private static int code(Rank.Fold fold) {
        return switch (fold) {
            case SUM -> 1;
            case PRODUCT -> 2;
            case MAXIMUM -> 3;
            case MINIMUM -> 4;
        };
    }

    private static Rank.Fold fold(int code) {
        return switch (code) {
            case 1 -> Rank.Fold.SUM;
            case 2 -> Rank.Fold.PRODUCT;
            case 3 -> Rank.Fold.MAXIMUM;
            case 4 -> Rank.Fold.MINIMUM;
            default -> throw new IllegalArgumentException("unknown fold: " + code);
        };
    }

    private static int code(Rank.Operator operator) {
        return switch (operator) {
            case DIFFERENCE -> 1;
            case QUOTIENT -> 2;
        };
    }

    private static Rank.Operator operator(int code) {
        return switch (code) {
            case 1 -> Rank.Operator.DIFFERENCE;
            case 2 -> Rank.Operator.QUOTIENT;
            default -> throw new IllegalArgumentException("unknown operator: " + code);
        };
    }

    private static int code(Rank.Function function) {
        return switch (function) {
            case ABSOLUTE -> 1;
            case EXPONENTIAL -> 2;
            case LOGARITHM -> 3;
        };
    }

    private static Rank.Function function(int code) {
        return switch (code) {
            case 1 -> Rank.Function.ABSOLUTE;
            case 2 -> Rank.Function.EXPONENTIAL;
            case 3 -> Rank.Function.LOGARITHM;
            default -> throw new IllegalArgumentException("unknown function: " + code);
        };
    }
}
