package io.quiver.log.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import io.quiver.log.record.QuiverException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How texts become vectors for ranking by BM25, by the names of Chroma's function {@code chroma_bm25}, whose usual
 * values these have where the schema names no such function.
 *
 * @param k how fast further occurrences of a term count for less ({@code k})
 * @param b how much long texts are held against them, from 0 to 1 ({@code b})
 * @param averageLength in terms, of the texts of the collection ({@code avg_doc_length})
 * @param termLengthMax characters; longer words are left out ({@code token_max_length})
 * @param stopWords in lower case, left out; {@code null} for the usual ones of English (the field of that
 *     name in small letters)
 */
public record Bm25Parameters(
        double k,
        double b,
        double averageLength,
        int termLengthMax,
        @Nullable List<String> stopWords) {
    public static final Bm25Parameters DEFAULT = new Bm25Parameters(1.2, 0.75, 256, 40, null);

    static final int TERM_LENGTH_MAX = 1_024;
    static final int STOP_WORDS_MAX = 10_000;

    private static final double NUMBER_MAX = 1e9;
    private static final String FUNCTION = "chroma_bm25";

    public Bm25Parameters {
        stopWords = stopWords == null ? null : List.copyOf(stopWords);
    }

    /**
     * What an embedding function says, as the catalog stores it; {@link #DEFAULT} for all functions but one. Refuses
     * values with which no text could be weighed.
     */
    static Bm25Parameters of(@Nullable String functionJson) {
        if (functionJson == null) {
            return DEFAULT;
        }
        JsonNode function = StoredJson.read(functionJson);
        return function.path("name").asText().equals(FUNCTION)
                        && function.path("config").isObject()
                ? read(JsonFields.of("embedding_function.config", function.path("config")))
                : DEFAULT;
    }

    private static Bm25Parameters read(JsonFields config) {
        Integer length = config.integer("token_max_length");
        return new Bm25Parameters(
                number(config, "k", DEFAULT.k, 0, NUMBER_MAX),
                number(config, "b", DEFAULT.b, 0, 1),
                number(config, "avg_doc_length", DEFAULT.averageLength, Double.MIN_NORMAL, NUMBER_MAX),
                length == null
                        ? DEFAULT.termLengthMax
                        : inRange(config, "token_max_length", length, 1, TERM_LENGTH_MAX),
                stopWords(config));
    }

    private static double number(JsonFields config, String name, double unsaid, double min, double max) {
        Double value = config.number(name);
        if (value == null) {
            return unsaid;
        }
        if (!(value >= min && value <= max)) {
            throw outside(config, name, min, max);
        }
        return value;
    }

    private static int inRange(JsonFields config, String name, int value, int min, int max) {
        if (value < min || value > max) {
            throw outside(config, name, min, max);
        }
        return value;
    }

    private static QuiverException outside(JsonFields config, String name, double min, double max) {
        return QuiverException.invalid(
                "Validation error: %s: Expected a number from %s to %s".formatted(config.at(name), min, max));
    }

    private static @Nullable List<String> stopWords(JsonFields config) {
        JsonNode words = config.json().path("stopwords");
        if (words.isMissingNode() || words.isNull()) {
            return null;
        }
        if (!words.isArray() || words.size() > STOP_WORDS_MAX) {
            throw QuiverException.invalid("Validation error: %s: Expected a list of at most %d words"
                    .formatted(config.at("stopwords"), STOP_WORDS_MAX));
        }
        List<String> lower = new ArrayList<>(words.size());
        words.forEach(word -> lower.add(word.asText().toLowerCase(Locale.ROOT)));
        return lower;
    }
}
