package io.quiver.flight.link;

import io.quiver.executor.query.Explanation;
import io.quiver.executor.query.Hits;
import io.quiver.log.record.GrowingBuffer;
import io.quiver.log.record.MetadataCodec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How hits were found, as bytes, little-endian.
 *
 * <pre>
 * u8 parts that follow (1 recall, 2 explanation) | f32 recall | i64 queued ns | i32 count, and for each segment:
 * text name | u8 way | i64 rows, matches | f64 selectivity | i32 ef | i64 cost, time in ns | i64 distances, estimates
 *   | i32 hits | f32 recall | i64 bytes | i32 count, and for each alternative: u8 way | i32 ef | i64 cost in ns
 * text = i32 length, UTF-8
 * </pre>
 */
final class HowFoundCodec {
    /** Of a usual explanation. */
    private static final int BYTES = 256;

    private static final int RECALL = 1;
    private static final int EXPLANATION = 2;

    private HowFoundCodec() {}

    record HowFound(@Nullable Float recall, @Nullable Explanation explanation) {
        static final HowFound UNTOLD = new HowFound(null, null);
    }

    /** Null where nothing is told. */
    static byte @Nullable [] encode(Hits hits) {
        Float recall = hits.estimatedRecall();
        Explanation explanation = hits.explanation();
        if (recall == null && explanation == null) {
            return null;
        }
        GrowingBuffer out = new GrowingBuffer(BYTES);
        out.putByte((recall == null ? 0 : RECALL) | (explanation == null ? 0 : EXPLANATION));
        if (recall != null) {
            putFloat(out, recall);
        }
        if (explanation != null) {
            out.putLong(explanation.queuedNs()).putInt(explanation.parts().size());
            explanation.parts().forEach(part -> write(out, part));
        }
        return out.toByteArray();
    }

    static HowFound decode(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int told = in.get();
        Float recall = (told & RECALL) == 0 ? null : (Float) in.getFloat();
        return new HowFound(recall, (told & EXPLANATION) == 0 ? null : readExplanation(in));
    }

    private static void write(GrowingBuffer out, Explanation.Part part) {
        out.putText(part.segment()).putByte(code(part.way()));
        out.putLong(part.rows()).putLong(part.matches());
        out.putLong(Double.doubleToRawLongBits(part.estimatedSelectivity())).putInt(part.ef());
        out.putLong(part.costNs()).putLong(part.timeNs());
        out.putLong(part.distances()).putLong(part.estimates()).putInt(part.hits());
        putFloat(out, part.recall());
        out.putLong(part.embeddingBytes()).putInt(part.alternatives().size());
        for (Explanation.Alternative way : part.alternatives()) {
            out.putByte(code(way.way())).putInt(way.ef()).putLong(way.costNs());
        }
    }

    private static void putFloat(GrowingBuffer out, float value) {
        out.putInt(Float.floatToRawIntBits(value));
    }

    private static Explanation readExplanation(ByteBuffer in) {
        long queuedNs = in.getLong();
        int count = in.getInt();
        List<Explanation.Part> parts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            parts.add(readPart(in));
        }
        return new Explanation(queuedNs, parts);
    }

    private static List<Explanation.Alternative> readAlternatives(ByteBuffer in) {
        int count = in.getInt();
        List<Explanation.Alternative> alternatives = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            alternatives.add(new Explanation.Alternative(way(in.get()), in.getInt(), in.getLong()));
        }
        return alternatives;
    }

    private static Explanation.Part readPart(ByteBuffer in) {
        return new Explanation.Part(
                MetadataCodec.readText(in),
                way(in.get()),
                in.getLong(),
                in.getLong(),
                in.getDouble(),
                in.getInt(),
                in.getLong(),
                in.getLong(),
                in.getLong(),
                in.getLong(),
                in.getInt(),
                in.getFloat(),
                in.getLong(),
                readAlternatives(in));
    }

    private static int code(Explanation.Way way) {
        return switch (way) {
            case SCAN -> 1;
            case SCAN_MATCHES -> 2;
            case GRAPH -> 3;
            case FILTERED_GRAPH -> 4;
            case CODE_SCAN -> 5;
            case BYTE_SCAN -> 6;
        };
    }

    private static Explanation.Way way(int code) {
        return switch (code) {
            case 1 -> Explanation.Way.SCAN;
            case 2 -> Explanation.Way.SCAN_MATCHES;
            case 3 -> Explanation.Way.GRAPH;
            case 4 -> Explanation.Way.FILTERED_GRAPH;
            case 5 -> Explanation.Way.CODE_SCAN;
            case 6 -> Explanation.Way.BYTE_SCAN;
            default -> throw new IllegalArgumentException("unknown way to search: " + code);
        };
    }
}
