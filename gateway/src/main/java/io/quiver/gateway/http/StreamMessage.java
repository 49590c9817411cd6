package io.quiver.gateway.http;

import io.quiver.executor.query.Consistency;
import io.quiver.executor.query.ConsistencyText;
import io.quiver.executor.query.Deadline;
import io.quiver.executor.query.Query;
import io.quiver.flight.TraceContext;
import io.quiver.flight.service.VectorsStream;
import io.quiver.gateway.trace.RequestTrace;
import io.quiver.log.catalog.Collection;
import io.quiver.log.record.Embedding;
import io.quiver.log.record.LogOffset;
import io.quiver.log.record.QuiverException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One message that came over a stream: its type, and where it asks for records, the same fields as the body of a
 * query, read in the same pass. Of a binary one that is the text in its schema's metadata. Belongs to one thread.
 */
public final class StreamMessage {
    private static final int ID_BYTES_MAX = 128;

    private final RequestBody body;
    private final QueryRequest query = new QueryRequest();
    private @Nullable Type type;
    private @Nullable String id;
    private @Nullable Integer deadlineMs;
    private @Nullable Integer results;
    private Consistency consistency = Consistency.STRONG;
    private @Nullable Long fromOffset;
    private @Nullable String traceparent;
    private final @Nullable List<Embedding> vectors;
    private int end;

    /** What a message is for. */
    public enum Type {
        QUERY,
        WATCH,
        CANCEL,
        CREDIT,
        PING;

        private static Type of(JsonValue value) {
            String name = value.text();
            for (Type type : values()) {
                if (type.name().toLowerCase(Locale.ROOT).equals(name)) {
                    return type;
                }
            }
            throw BadBody.shape(
                    "type: unknown variant `%s`, expected one of `query`, `watch`, `cancel`, `credit`, `ping`"
                            .formatted(BadBody.shortened(name, 64)));
        }
    }

    /** Nothing is read yet. Nobody changes the bytes any more. */
    public StreamMessage(byte[] text, RequestLimits limits) {
        this(text, limits, null);
    }

    private StreamMessage(byte[] text, RequestLimits limits, @Nullable List<Embedding> vectors) {
        this.body = new RequestBody(text, text.length, limits);
        this.vectors = vectors;
    }

    /** A query whose embeddings came in a binary message, with what it asks of them as text. */
    public static StreamMessage of(VectorsStream.Vectors vectors, RequestLimits limits) {
        String about = Objects.requireNonNullElse(vectors.about(), "{}");
        return new StreamMessage(about.getBytes(StandardCharsets.UTF_8), limits, vectors.embeddings());
    }

    /** Reads it, once; throws {@link QuiverException} for what is no message. */
    public StreamMessage read() {
        end = new JsonCursor(body).readObject(this::readField);
        if (vectors != null) {
            takeVectors(vectors);
        }
        if (type == null) {
            throw BadBody.missingField(body, "type", end);
        }
        return this;
    }

    private void takeVectors(List<Embedding> given) {
        type = type == null ? Type.QUERY : type;
        if (type != Type.QUERY) {
            throw QuiverException.invalid("Validation error: type: A binary message is a query");
        }
        query.take(given);
    }

    /** Whether it came as Arrow, and is to be answered so. */
    public boolean isBinary() {
        return vectors != null;
    }

    private boolean readField(String name, JsonCursor in) {
        switch (name) {
            case "type" -> type = Type.of(in.value(name));
            case "id" -> id = id(in.value(name));
            case "deadline_ms" -> deadlineMs = in.value(name).orNull(JsonValue::count);
            case "consistency" ->
                consistency = ConsistencyText.read(in.value(name).orNull(JsonValue::text), "'consistency'");
            case "results" -> results = in.value(name).orNull(JsonValue::count);
            case "from_offset" -> fromOffset = in.value(name).orNull(JsonValue::longCount);
            case TraceContext.REQUEST_HEADER -> traceparent = traceparent(in.value(name));
            default -> {
                return query.read(name, in);
            }
        }
        return true;
    }

    /** What is no text is no trace, and no mistake either. */
    private static @Nullable String traceparent(JsonValue value) {
        if (value.body().bytes()[value.from()] == '"') {
            return value.text();
        }
        value.check();
        return null;
    }

    private static @Nullable String id(JsonValue value) {
        if (value.isNull()) {
            return null;
        }
        if (value.body().bytes()[value.from()] == '"') {
            value.text();
        } else {
            value.longCount();
        }
        if (value.to() - value.from() > ID_BYTES_MAX) {
            throw QuiverException.invalid("Validation error: id: Expected at most %d bytes, got %d"
                    .formatted(ID_BYTES_MAX, value.to() - value.from()));
        }
        return new String(value.body().bytes(), value.from(), value.to() - value.from(), StandardCharsets.UTF_8);
    }

    /** The trace that the sender named; one that begins here where there is none. */
    public RequestTrace trace() {
        return new RequestTrace(TraceContext.of(traceparent));
    }

    /** Whether the sender named a trace, and so wants to hear how it went on. */
    public boolean isTraced() {
        return traceparent != null && TraceContext.isValid(traceparent);
    }

    public Type type() {
        return Objects.requireNonNull(type, "read before it is asked");
    }

    /** The caller's name for the exchange that the message is about, as JSON; {@code null} as long as none was read. */
    public @Nullable String id() {
        return id;
    }

    /** As {@link #id}, where there must be one. */
    public String requiredId() {
        if (id == null) {
            throw BadBody.missingField(body, "id", end);
        }
        return id;
    }

    /** How many results the sender grants. */
    public int requiredResults() {
        if (results == null) {
            throw BadBody.missingField(body, "results", end);
        }
        return results;
    }

    /**
     * The offset of the last change of a standing query that the sender knows of; {@code null} where it knows of none.
     */
    public @Nullable LogOffset fromOffset() {
        return fromOffset == null ? null : new LogOffset(fromOffset);
    }

    /** The sender's own deadline, {@code null} for the usual. */
    public @Nullable Duration deadline() {
        if (deadlineMs == null) {
            return null;
        }
        if (deadlineMs < 1 || deadlineMs > ApiSettings.TIMEOUT_MAX.toMillis()) {
            throw QuiverException.invalid("Validation error: deadline_ms: Expected 1 to %d, got %d"
                    .formatted(ApiSettings.TIMEOUT_MAX.toMillis(), deadlineMs));
        }
        return Duration.ofMillis(deadlineMs);
    }

    /** What is asked of the collection, checked against it, one query an embedding. */
    public List<Query.Nearest> queries(Collection collection, Deadline deadline) {
        query.check(body, end);
        return query.queries(collection, consistency, deadline);
    }

    /** How the answer to this message is written. */
    public StreamAnswer.Form form() {
        return new StreamAnswer.Form(query.include(), query.estimateRecall(), query.dimension());
    }
}
