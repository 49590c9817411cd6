package io.quiver.gateway.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.quiver.executor.query.Hits;
import io.quiver.flight.TraceContext;
import io.quiver.flight.service.HitsStream;
import io.quiver.flight.service.VectorsStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The messages that a stream sends: the same words as HTTP's answers, with a type and the caller's id before them. */
public final class StreamAnswer {
    private StreamAnswer() {}

    /** Which parts of the hits an answer shows. */
    public static final class Form {
        private final Include include;
        private final boolean hasEstimatedRecall;
        private final @Nullable Integer dimension;

        Form(Include include, boolean hasEstimatedRecall, @Nullable Integer dimension) {
            this.include = include;
            this.hasEstimatedRecall = hasEstimatedRecall;
            this.dimension = dimension;
        }
    }

    /** Writes the fields of a message behind its type and id. */
    @FunctionalInterface
    public interface Fields {
        void write(JsonGenerator out) throws IOException;
    }

    /**
     * The answer to a query, with {@code trace} where the caller named one. Throws {@link
     * io.quiver.log.record.QuiverException} for a partial one that nobody asked for.
     */
    public static String result(
            String id, List<Hits> hits, Form form, boolean mayBePartial, @Nullable TraceContext trace) {
        requireWanted(hits, mayBePartial);
        Iterator<Answer.Step> columns = HitsAnswer.ofQuery(hits, form.include, form.hasEstimatedRecall);
        return text(out -> {
            columns.next().write(out);
            writeHead(out, "result", id);
            writePlace(out, hits);
            writeTrace(out, trace);
            while (columns.hasNext()) {
                columns.next().write(out);
            }
        });
    }

    /** The same as an Arrow IPC stream: the hits in columns, and what else there is to say in the schema's metadata. */
    public static byte[] binaryResult(
            String id,
            List<Hits> hits,
            Form form,
            boolean mayBePartial,
            @Nullable TraceContext trace,
            HitsStream arrow) {
        requireWanted(hits, mayBePartial);
        String about = message("result", id, out -> {
            writePlace(out, hits);
            writeTrace(out, trace);
        });
        return arrow.write(
                hits,
                form.include.projection(),
                form.hasEstimatedRecall,
                form.dimension,
                Map.of(VectorsStream.ABOUT, about));
    }

    private static void requireWanted(List<Hits> hits, boolean mayBePartial) {
        if (!mayBePartial) {
            hits.forEach(RecordAnswers::requireComplete);
        }
    }

    private static void writePlace(JsonGenerator out, List<Hits> hits) throws IOException {
        if (!hits.isEmpty()) {
            out.writeNumberField("offset", hits.getFirst().offset().value());
        }
        if (RecordAnswers.isPartial(hits)) {
            out.writeBooleanField("partial", true);
        }
    }

    private static void writeTrace(JsonGenerator out, @Nullable TraceContext trace) throws IOException {
        if (trace != null) {
            out.writeStringField(TraceContext.ANSWER_HEADER, trace.response());
        }
    }

    /** What went wrong, in Chroma's form; {@code id} is JSON, or {@code null} where no id could be read. */
    public static String error(@Nullable String id, Throwable failure) {
        return error(id, failure, TraceContext.begun().traceId(), null);
    }

    /**
     * The same of what a trace knows.
     *
     * @param shown the trace where the caller named one
     */
    public static String error(@Nullable String id, Throwable failure, String traceId, @Nullable TraceContext shown) {
        return message("error", id, out -> {
            Problems.writeAllFields(out, failure, traceId);
            writeTrace(out, shown);
        });
    }

    /** Any other message. */
    public static String message(String type, @Nullable String id, Fields fields) {
        return text(out -> {
            out.writeStartObject();
            writeHead(out, type, id);
            fields.write(out);
            out.writeEndObject();
        });
    }

    private static void writeHead(JsonGenerator out, String type, @Nullable String id) throws IOException {
        out.writeStringField("type", type);
        out.writeFieldName("id");
        out.writeRawValue(id == null ? "null" : id);
    }

    private static String text(Answer.Step step) {
        AnswerBuffer buffer = new AnswerBuffer();
        try (JsonGenerator out = Json.FACTORY.createGenerator(buffer)) {
            step.write(out);
        } catch (IOException e) {
            throw new UncheckedIOException("JSON could not be written to memory", e);
        }
        return buffer.take().toString(StandardCharsets.UTF_8);
    }
}
