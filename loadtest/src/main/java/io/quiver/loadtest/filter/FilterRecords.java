package io.quiver.loadtest.filter;

import io.quiver.loadtest.data.Vectors;
import java.lang.foreign.MemorySegment;
import java.util.Base64;

/**
 * Records whose metadata follow from the row alone: an integer and a text key of as many values as each of
 * {@link #CARDINALITIES}, a number and a fraction that no two records share, and others up to {@link #KEYS} that no
 * filter asks for. Documents are words, among them one of each cardinality.
 */
final class FilterRecords {
    static final int KEYS = 20;
    static final int[] CARDINALITIES = {10_000, 1_000, 100, 10, 2, 1};
    /** Bounds of ranges are shares of this. */
    static final int NUMBERS = 1 << 30;

    private static final int WORDS = 24;
    private static final int VOCABULARY = 20_000;

    private final Vectors vectors;

    FilterRecords(Vectors vectors) {
        this.vectors = vectors;
    }

    /** What the keys of a cardinality hold in a row. */
    static int value(int row, int cardinality) {
        return (int) Long.remainderUnsigned(mixed(row, cardinality), cardinality);
    }

    static int number(int row) {
        return (int) (mixed(row, -1) >>> 34);
    }

    static double fraction(int row) {
        return (mixed(row, -2) >>> 11) * 0x1p-53;
    }

    /** The word of a cardinality, with the blank after it. */
    static String word(int cardinality, int value) {
        return "w" + cardinality + "x" + value + " ";
    }

    /** The body of an add. */
    String json(int from, int to) {
        StringBuilder json = new StringBuilder("{\"ids\":[");
        for (int row = from; row < to; row++) {
            json.append(row == from ? "\"" : ",\"").append(row).append('"');
        }
        json.append("],\"embeddings\":[");
        appendEmbeddings(json, from, to);
        json.append("],\"metadatas\":[");
        for (int row = from; row < to; row++) {
            appendMetadata(json.append(row == from ? "" : ","), row);
        }
        json.append("],\"documents\":[");
        for (int row = from; row < to; row++) {
            appendDocument(json.append(row == from ? "\"" : ",\""), row);
        }
        return json.append("]}").toString();
    }

    private void appendEmbeddings(StringBuilder json, int from, int to) {
        byte[] bytes = new byte[vectors.dimension() * Float.BYTES];
        for (int row = from; row < to; row++) {
            vectors.get(row).copyTo(MemorySegment.ofArray(bytes), 0);
            json.append(row == from ? "\"" : ",\"")
                    .append(Base64.getEncoder().encodeToString(bytes))
                    .append('"');
        }
    }

    private static void appendMetadata(StringBuilder json, int row) {
        json.append("{\"number\":").append(number(row));
        json.append(",\"fraction\":").append(fraction(row));
        for (int cardinality : CARDINALITIES) {
            int value = value(row, cardinality);
            json.append(",\"i").append(cardinality).append("\":").append(value);
            json.append(",\"s")
                    .append(cardinality)
                    .append("\":\"v")
                    .append(value)
                    .append('"');
        }
        for (int other = 2 + 2 * CARDINALITIES.length; other < KEYS; other++) {
            json.append(",\"o")
                    .append(other)
                    .append("\":\"x")
                    .append(value(row, 50 + other))
                    .append('"');
        }
        json.append('}');
    }

    private static void appendDocument(StringBuilder json, int row) {
        for (int i = 0; i < WORDS; i++) {
            json.append(Integer.toString((int) Long.remainderUnsigned(mixed(row, 1_000_000 + i), VOCABULARY), 26));
            json.append(' ');
        }
        for (int cardinality : CARDINALITIES) {
            json.append(word(cardinality, value(row, cardinality)));
        }
        json.append('"');
    }

    /** All bits of a row and of what is asked about it, by the finisher of SplitMix64. */
    private static long mixed(int row, int what) {
        long bits = (row * 0x9E3779B97F4A7C15L) ^ (what * 0xC2B2AE3D27D4EB4FL);
        bits = (bits ^ bits >>> 30) * 0xBF58476D1CE4E5B9L;
        bits = (bits ^ bits >>> 27) * 0x94D049BB133111EBL;
        return bits ^ bits >>> 31;
    }
}
