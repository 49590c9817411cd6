package io.quiver.gateway.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * What a request is answered with. A value that holds what is to be said; it becomes bytes only on the event loop,
 * while the socket takes them.
 */
sealed interface Answer {
    int status();

    /** Besides those that every answer has. */
    Map<String, String> headers();

    /** Bytes that are there already. */
    record Encoded(int status, Map<String, String> headers, String contentType, Buffer body) implements Answer {}

    /** None: the request was answered by making a WebSocket of its connection. */
    record Upgraded() implements Answer {
        @Override
        public int status() {
            return 101;
        }

        @Override
        public Map<String, String> headers() {
            return Map.of();
        }
    }

    /**
     * JSON, written in steps.
     *
     * @param steps written one after another; each writes some kilobytes at most, and together they make one value
     * @param whole given the complete answer where it was small enough to be written at once
     */
    record Json(int status, Map<String, String> headers, Iterator<Step> steps, Consumer<Buffer> whole)
            implements Answer {
        Json with(Map<String, String> more) {
            Map<String, String> all = new LinkedHashMap<>(headers);
            all.putAll(more);
            return new Json(status, all, steps, whole);
        }

        Json with(String header, String value) {
            return with(Map.of(header, value));
        }

        Json whenWhole(Consumer<Buffer> action) {
            return new Json(status, headers, steps, action);
        }
    }

    /** Writes a part of a JSON value. */
    @FunctionalInterface
    interface Step {
        void write(JsonGenerator out) throws IOException;
    }

    static Json ok(Step content) {
        return json(200, content);
    }

    static Json json(int status, Step content) {
        return steps(status, List.of(content).iterator());
    }

    static Json steps(int status, Iterator<Step> steps) {
        return new Json(status, Map.of(), steps, _ -> {});
    }

    /** An array of small values. */
    static <T> Json array(List<T> values, ElementWriter<T> writer) {
        Stream<Step> elements = values.stream().map(value -> out -> writer.write(out, value));
        return steps(
                200,
                Stream.of(
                                Stream.<Step>of(JsonGenerator::writeStartArray),
                                elements,
                                Stream.<Step>of(JsonGenerator::writeEndArray))
                        .flatMap(steps -> steps)
                        .iterator());
    }

    /** Writes one element of an array. */
    @FunctionalInterface
    interface ElementWriter<T> {
        void write(JsonGenerator out, T value) throws IOException;
    }

    /** {@code {}} */
    static Json empty(int status) {
        return json(status, out -> {
            out.writeStartObject();
            out.writeEndObject();
        });
    }
}
