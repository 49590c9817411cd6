package io.quiver.gateway.http;

import io.quiver.flight.service.HitsStream;
import io.quiver.gateway.cache.HotResultCache;
import io.quiver.log.catalog.Collection;
import io.quiver.log.record.LogOffset;
import io.vertx.core.buffer.Buffer;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Answers to questions asked before: found by route, body, beam width of the collection and its newest offset.
 *
 * <p>An answer is kept under the offset that was newest when its question came, if the answer shows at least that
 * offset and nothing has been written since: then it is what the collection holds at that offset. Safe on every thread.
 */
final class HotAnswers {
    /** Who sends more asks a question that hardly comes again. */
    static final int REQUEST_BYTES_MAX = 64 * 1024;

    private final ApiParts parts;

    HotAnswers(ApiParts parts) {
        this.parts = parts;
    }

    /** One question, about a collection as it was when the question came. */
    record Question(Collection collection, HotResultCache.Question asked, String contentType) {}

    /**
     * Empty where an answer would not be kept: to a long question, of a collection that nothing was written to, or for
     * one caller alone.
     */
    Mono<Optional<Question>> question(Exchange exchange, Collection collection, RequestBody body) {
        if (!exchange.access().seesAllRecords()) {
            return Mono.just(Optional.empty());
        }
        String contentType = exchange.wantsArrow() ? HitsStream.MEDIA_TYPE : AnswerWriter.JSON;
        return question(exchange.route().template(), parameters(exchange, body), contentType, collection, body);
    }

    /** The same as if the body had come to this route, for an answer in JSON. */
    Mono<Optional<Question>> question(String route, Collection collection, RequestBody body) {
        return question(route, "", AnswerWriter.JSON, collection, body);
    }

    private Mono<Optional<Question>> question(
            String route, String parameters, String contentType, Collection collection, RequestBody body) {
        if (body.length() > REQUEST_BYTES_MAX) {
            return Mono.just(Optional.empty());
        }
        int ef = collection.configuration().index().efSearch();
        HotResultCache.Asked asked = new HotResultCache.Asked(route, parameters, contentType, ef);
        return head(collection)
                .map(head -> head.equals(LogOffset.NONE)
                        ? Optional.empty()
                        : Optional.of(new Question(
                                collection,
                                HotResultCache.question(collection.id(), head, asked, exactly(body)),
                                contentType)));
    }

    /** What is asked beside the body. */
    private static String parameters(Exchange exchange, RequestBody body) {
        return switch (body.form()) {
            case JSON -> "";
            case FLOATS -> "?" + exchange.request().query();
        };
    }

    /** The array itself where it has the body's length, as it has where that was announced. */
    private static byte[] exactly(RequestBody body) {
        return body.bytes().length == body.length() ? body.bytes() : Arrays.copyOf(body.bytes(), body.length());
    }

    /**
     * The newest offset. A log that has dropped all entries of the collection does not know it: then everything is in
     * the manifest's segments, and their offset stands for it; {@code NONE} where nothing was written.
     */
    private Mono<LogOffset> head(Collection collection) {
        LogOffset head = parts.log().head(collection.id());
        return head.equals(LogOffset.NONE)
                ? parts.catalog().manifest(collection.id()).map(manifest -> manifest.compactedOffset())
                : Mono.just(head);
    }

    @Nullable Answer find(Question question) {
        Buffer body = parts.cache().find(question.asked);
        return body == null
                ? null
                : new Answer.Encoded(
                        200,
                        Map.of(
                                RecordAnswers.OFFSET_HEADER,
                                question.asked.offset().toString(),
                                RecordAnswers.CACHE_HEADER,
                                "hit"),
                        question.contentType,
                        body);
    }

    /**
     * Whether an answer may be kept for its question.
     *
     * @param shown the offset whose state the answer shows
     */
    Mono<Boolean> isCurrent(Question question, LogOffset shown) {
        LogOffset then = question.asked.offset();
        return head(question.collection).map(now -> now.equals(then) && !then.isAfter(shown));
    }

    void keep(Question question, Buffer answer) {
        parts.cache().keep(question.asked, answer);
    }
}
