package io.quiver.gateway.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.quiver.flight.TraceContext;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Map;

/**
 * Answers requests whose first line or headers are too long, too many, or no HTTP, and closes their connection: where
 * such a request ends nobody knows. Called on event loops.
 */
public final class WrongHead implements Handler<HttpServerRequest> {
    private final int headersMax;

    /** @param headersMax header lines that a request may have */
    public WrongHead(int headersMax) {
        this.headersMax = headersMax;
    }

    /** Whether a request that could be read goes no further. */
    public boolean isIn(HttpServerRequest request) {
        int lines = 0;
        for (Map.Entry<String, String> _ : request.headers()) {
            lines++;
        }
        return lines > headersMax;
    }

    /** Refuses a request that {@link #isIn} or that could not be read at all. */
    @Override
    public void handle(HttpServerRequest request) {
        switch (request.decoderResult().cause()) {
            case TooLongHttpLineException _ -> refuse(request, 414, "ChromaError", "The first line is too long");
            case TooLongHttpHeaderException _ -> refuse(request, 431, "ChromaError", "The headers are too long");
            case null -> refuse(request, 431, "ChromaError", "More than %d header lines".formatted(headersMax));
            default -> refuse(request, 400, "InvalidArgumentError", "This is no well-formed HTTP request");
        }
    }

    private static void refuse(HttpServerRequest request, int status, String error, String message) {
        HttpServerResponse response = request.response();
        response.setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, AnswerWriter.JSON)
                .putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE)
                .putHeader(Problems.TRACE_HEADER, traceId(request))
                .end(body(error, message))
                .onComplete(_ -> request.connection().close());
    }

    private static String traceId(HttpServerRequest request) {
        return TraceContext.of(request.getHeader(TraceContext.REQUEST_HEADER)).traceId();
    }

    private static Buffer body(String error, String message) {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = Json.FACTORY.createGenerator(text)) {
            out.writeStartObject();
            out.writeStringField("error", error);
            out.writeStringField("message", message);
            out.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("a text in memory could not be written", e);
        }
        return Buffer.buffer(text.toString());
    }
}
