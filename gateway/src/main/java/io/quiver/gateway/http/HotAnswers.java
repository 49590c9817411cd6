package io.quiver.gateway.http;

import io.quiver.log.catalog.Collection;
import io.quiver.log.record.LogOffset;
import io.vertx.core.buffer.Buffer;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Answers to questions asked before: found by route, body, beam width of the collection and its newest offset.
 *
 * <p>An answer is kept under the offset that was newest when its question came, if the answer shows at least that offset
 * and nothing has been written since: then it is what the collection holds at that offset. Safe on every thread.
 */
final class HotAnswers {
    /** Who sends more asks a question that hardly comes again. */
    static final int REQUEST_BYTES_MAX = 64 * 1024;

    private final ApiParts parts;

    HotAnswers(ApiParts parts) {
        this.parts = parts;
    }

    /**
     * One question.
     *
     * @param head newest offset of the collection when it came
     * @param key what the answer depends on
     */
    record Question(Collection collection, LogOffset head, Buffer key) {}

    /** Empty where an answer would not be kept: to a long question, or of a collection that nothing was written to. */
    Mono<Question> question(Exchange exchange, Collection collection, RequestBody body) {
        return question(exchange.route().template(), collection, body);
    }

    /** The same as if the body had come to this route. */
    Mono<Question> question(String route, Collection collection, RequestBody body) {
        if (body.length() > REQUEST_BYTES_MAX) {
            return Mono.empty();
        }
        Buffer key = Buffer.buffer(route)
                .appendInt(collection.configuration().index().efSearch())
                .appendBytes(body.bytes(), 0, body.length());
        return head(collection).map(head -> new Question(collection, head, key));
    }

    /**
     * The newest offset. A log that has dropped all entries of the collection does not know it: then everything is in
     * the manifest's segments, and their offset stands for it.
     */
    private Mono<LogOffset> head(Collection collection) {
        LogOffset head = parts.log().head(collection.id());
        return head.equals(LogOffset.NONE)
                ? parts.catalog()
                        .manifest(collection.id())
                        .map(manifest -> manifest.compactedOffset())
                        .filter(offset -> offset.isAfter(LogOffset.NONE))
                : Mono.just(head);
    }

    @Nullable Answer find(Question question) {
        Buffer body = parts.cache().find(question.collection.id(), question.head, question.key);
        return body == null
                ? null
                : new Answer.Encoded(
                        200,
                        Map.of(
                                RecordAnswers.OFFSET_HEADER,
                                question.head.toString(),
                                RecordAnswers.CACHE_HEADER,
                                "hit"),
                        AnswerWriter.JSON,
                        body);
    }

    /**
     * Whether an answer may be kept for its question.
     *
     * @param shown the offset whose state the answer shows
     */
    Mono<Boolean> isCurrent(Question question, LogOffset shown) {
        return head(question.collection)
                .map(now -> now.equals(question.head) && !question.head.isAfter(shown))
                .defaultIfEmpty(false);
    }

    void keep(Question question, Buffer answer) {
        parts.cache().keep(question.collection.id(), question.head, question.key, answer);
    }
}
