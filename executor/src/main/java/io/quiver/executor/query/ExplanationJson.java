package io.quiver.executor.query;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Locale;
import java.util.Objects;

/** How hits were found, as JSON. */
public final class ExplanationJson {
    private ExplanationJson() {}

    /** Writes the fields that say how hits were found, within an object. */
    public static void write(JsonGenerator out, Hits hits) throws IOException {
        out.writeNumberField("hits", hits.size());
        out.writeBooleanField("partial", hits.partial());
        out.writeObjectField("estimated_recall", hits.estimatedRecall());
        out.writeNumberField("log_offset", hits.offset().value());
        out.writeNumberField(
                "queued_ns", Objects.requireNonNull(hits.explanation()).queuedNs());
        out.writeArrayFieldStart("segments");
        for (Explanation.Part part : Objects.requireNonNull(hits.explanation()).parts()) {
            writePart(out, part);
        }
        out.writeEndArray();
    }

    private static void writePart(JsonGenerator out, Explanation.Part part) throws IOException {
        out.writeStartObject();
        out.writeStringField("segment", part.segment());
        out.writeStringField("way", part.way().name().toLowerCase(Locale.ROOT));
        out.writeNumberField("rows", part.rows());
        out.writeNumberField("matches", part.matches());
        out.writeNumberField("selectivity", part.selectivity());
        out.writeNumberField("estimated_selectivity", part.estimatedSelectivity());
        out.writeNumberField("ef", part.ef());
        out.writeNumberField("expected_ns", part.costNs());
        out.writeNumberField("taken_ns", part.timeNs());
        out.writeNumberField("distances", part.distances());
        out.writeNumberField("estimates", part.estimates());
        out.writeNumberField("hits", part.hits());
        out.writeNumberField("estimated_recall", part.recall());
        out.writeNumberField("embedding_bytes", part.embeddingBytes());
        out.writeArrayFieldStart("alternatives");
        for (Explanation.Alternative alternative : part.alternatives()) {
            out.writeStartObject();
            out.writeStringField("way", alternative.way().name().toLowerCase(Locale.ROOT));
            out.writeNumberField("ef", alternative.ef());
            out.writeNumberField("expected_ns", alternative.costNs());
            out.writeEndObject();
        }
        out.writeEndArray();
        out.writeEndObject();
    }
}
