package io.quiver.gateway.stream;

import io.quiver.executor.query.Deadline;
import io.quiver.executor.query.Hits;
import io.quiver.executor.query.Query;
import io.quiver.flight.TraceContext;
import io.quiver.gateway.admission.Lane;
import io.quiver.gateway.admission.Permit;
import io.quiver.gateway.http.Reactive;
import io.quiver.gateway.http.StreamAnswer;
import io.quiver.gateway.http.StreamMessage;
import io.quiver.log.catalog.Collection;
import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.QuiverException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * The queries of one connection: so many at a time, the others in their order, each answered once, whichever is first.
 *
 * <p>Belongs to the connection's event loop.
 */
final class Questions {
    /** Encoding more hits than this would hold up the event loop. */
    private static final int LARGE_HITS = 1_000;

    private final Context eventLoop;
    private final Collection collection;
    private final StreamParts parts;
    private final Outbox outbox;
    private final Map<String, Question> asked = new HashMap<>();
    private final Queue<Question> waiting = new ArrayDeque<>();
    private int running;
    private boolean isStarting;

    Questions(Context eventLoop, Collection collection, StreamParts parts, Outbox outbox) {
        this.eventLoop = eventLoop;
        this.collection = collection;
        this.parts = parts;
        this.outbox = outbox;
    }

    boolean has(String id) {
        return asked.containsKey(id);
    }

    /** Takes a query whose id is not in use; throws {@link QuiverException} where there are too many. */
    void ask(StreamMessage message) {
        Question question = new Question(message.requiredId(), message);
        if (asked.size() >= parts.settings().inFlightMax()) {
            throw new QuiverException(
                    ErrorCode.RESOURCE_EXHAUSTED,
                    "%d queries of this connection have no answer yet"
                            .formatted(parts.settings().inFlightMax()));
        }
        asked.put(question.id(), question);
        waiting.add(question);
        start();
    }

    /** Stops a query whose answer is not there yet; false where there is none. */
    boolean cancel(String id) {
        Question question = asked.get(id);
        if (question == null || question.isAnswered()) {
            return false;
        }
        fail(question, new QuiverException(ErrorCode.CANCELLED, "The query was cancelled"));
        return true;
    }

    /** Begins what may begin: when something has come, ended, or left. */
    void start() {
        if (isStarting) {
            return;
        }
        isStarting = true;
        while (!waiting.isEmpty() && mayRun()) {
            Question next = waiting.remove();
            if (!next.isAnswered()) {
                begin(next);
            }
        }
        isStarting = false;
    }

    private boolean mayRun() {
        return running < parts.settings().runningMax()
                && outbox.bytes() < parts.settings().fullBytes();
    }

    private void begin(Question question) {
        Permit permit = parts.admission().enter();
        if (permit == null) {
            fail(question, parts.admission().full().toException());
            return;
        }
        question.begin(permit);
        running++;
        Reactive.future(
                        Mono.defer(() -> answer(question.message())).contextWrite(question.trace()::in),
                        eventLoop,
                        question::working)
                .compose(hits -> encode(question, hits))
                .onSuccess(answer -> succeed(question, answer))
                .onFailure(failure -> fail(question, failure));
    }

    /** A query takes its turn among all that are asked. */
    private Mono<List<Hits>> answer(StreamMessage message) {
        Deadline deadline = Deadline.after(
                Objects.requireNonNullElse(message.deadline(), parts.settings().timeout()));
        Executor thread = turn -> eventLoop.runOnContext(_ -> turn.run());
        return Mono.usingWhen(
                parts.admission().place(Lane.READ, collection.tenant(), deadline, thread),
                _ -> answer(message, deadline),
                place -> Mono.fromRunnable(place::close));
    }

    /** The collection as it is now: its dimension and schema may have come since the stream was opened. */
    private Mono<List<Hits>> answer(StreamMessage message, Deadline deadline) {
        return parts.catalog().collection(collection.id()).flatMap(current -> {
            List<Query> queries = List.copyOf(message.queries(current, deadline));
            return parts.searches().execute(current.tenant(), queries, parts.executor(), _ -> {});
        });
    }

    private Future<Outgoing> encode(Question question, List<Hits> hits) {
        int count = hits.stream().mapToInt(Hits::size).sum();
        return count > LARGE_HITS
                ? eventLoop
                        .executeBlocking(() -> encoded(question, hits), false)
                        .map(Objects::requireNonNull)
                : Future.succeededFuture(encoded(question, hits));
    }

    private Outgoing encoded(Question question, List<Hits> hits) {
        String id = question.id();
        StreamAnswer.Form form = question.message().form();
        boolean mayBePartial = question.hasOwnDeadline();
        TraceContext trace = question.shownTrace();
        return question.message().isBinary()
                ? new Outgoing.Binary(
                        Buffer.buffer(StreamAnswer.binaryResult(id, hits, form, mayBePartial, trace, parts.arrow())))
                : new Outgoing.Text(StreamAnswer.result(id, hits, form, mayBePartial, trace));
    }

    private void succeed(Question question, Outgoing answer) {
        if (outbox.bytes() + answer.length() > parts.settings().bufferedBytesMax()) {
            fail(question, noRoom(answer));
        } else if (!question.isAnswered()) {
            end(question, null);
            outbox.answer(answer, () -> asked.remove(question.id()));
            start();
        }
    }

    private QuiverException noRoom(Outgoing answer) {
        return new QuiverException(
                ErrorCode.PAYLOAD_TOO_LARGE,
                "An answer of %d bytes does not fit beside %d that wait to be read: the connection buffers %d"
                        .formatted(
                                answer.length(),
                                outbox.bytes(),
                                parts.settings().bufferedBytesMax()));
    }

    private void fail(Question question, Throwable failure) {
        if (!question.isAnswered()) {
            end(question, failure instanceof QuiverException refusal ? refusal.code() : ErrorCode.INTERNAL);
            asked.remove(question.id());
            outbox.reply(
                    StreamAnswer.error(question.id(), failure, question.trace().traceId(), question.shownTrace()));
            start();
        }
    }

    /** @param failure {@code null} where there are hits */
    private void end(Question question, @Nullable ErrorCode failure) {
        if (question.isRunning()) {
            running--;
        }
        question.end();
        parts.observer().ended(failure, question.age(), question.trace().context());
    }

    int unanswered() {
        return (int) asked.values().stream()
                .filter(question -> !question.isAnswered())
                .count();
    }

    /** The connection is gone: whatever works for it stops. */
    void endAll() {
        waiting.clear();
        asked.values().stream()
                .filter(question -> !question.isAnswered())
                .forEach(question -> end(question, ErrorCode.CANCELLED));
        asked.clear();
    }
}
