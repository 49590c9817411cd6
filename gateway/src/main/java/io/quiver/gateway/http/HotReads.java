package io.quiver.gateway.http;

import io.quiver.executor.query.Consistency;
import io.quiver.executor.query.Hits;
import io.quiver.gateway.admission.OperationKind;
import io.quiver.gateway.http.Answer.Step;
import io.quiver.log.catalog.Collection;
import io.quiver.log.record.LogOffset;
import io.vertx.core.buffer.Buffer;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import reactor.core.publisher.Mono;

/** Answers reads from the hot-result cache, else by asking, and keeps what was answered. Safe on every thread. */
final class HotReads {
    /** What a kept answer costs, however large it was to find. */
    private static final int HOT_COST = 1;

    private final HotAnswers hot;

    HotReads(ApiParts parts) {
        this.hot = new HotAnswers(parts);
    }

    /** Reads the request, charges for it, and asks the executor. */
    @FunctionalInterface
    interface Asking {
        Mono<Found> ask();
    }

    /** What the executor said, and how to say it to the caller. */
    record Found(List<Hits> hits, LogOffset offset, Content content) {}

    /** Makes an answer of the headers; {@code whole} is given its bytes where they are all there at once. */
    @FunctionalInterface
    interface Content {
        Answer answer(Map<String, String> headers, Consumer<Buffer> whole);
    }

    static Content json(Iterator<Step> steps) {
        return (headers, whole) -> new Answer.Json(200, headers, steps, whole);
    }

    static Content bytes(String contentType, byte[] bytes) {
        Buffer body = Buffer.buffer(bytes);
        return (headers, whole) -> {
            whole.accept(body);
            return new Answer.Encoded(200, headers, contentType, body);
        };
    }

    Mono<Answer> hotOr(Exchange exchange, Collection collection, RequestBody body, OperationKind kind, Asking asking) {
        return question(exchange, collection, body).flatMap(question -> {
            Answer kept = question.map(hot::find).orElse(null);
            if (kept != null) {
                exchange.charge(kind, HOT_COST);
                return Mono.just(kept);
            }
            return asking.ask().flatMap(found -> answer(exchange, found, question));
        });
    }

    /** What is kept is what the collection holds now: no answer to who asks for something else. */
    private Mono<Optional<HotAnswers.Question>> question(Exchange exchange, Collection collection, RequestBody body) {
        return exchange.consistency() instanceof Consistency.Strong
                ? hot.question(exchange, collection, body)
                : Mono.just(Optional.empty());
    }

    private Mono<Answer> answer(Exchange exchange, Found found, Optional<HotAnswers.Question> question) {
        RecordAnswers.requireCompleteUnlessAsked(found.hits, exchange);
        boolean isPartial = RecordAnswers.isPartial(found.hits);
        Map<String, String> headers = RecordAnswers.headers(found.offset, isPartial);
        headers.put(RecordAnswers.CACHE_HEADER, "miss");
        if (isPartial || exchange.isDegraded() || question.isEmpty()) {
            return Mono.just(found.content.answer(headers, _ -> {}));
        }
        return hot.isCurrent(question.get(), found.offset)
                .map(isCurrent -> found.content.answer(headers, whole -> keep(isCurrent, question.get(), whole)));
    }

    private void keep(boolean isCurrent, HotAnswers.Question question, Buffer answer) {
        if (isCurrent) {
            hot.keep(question, answer);
        }
    }
}
