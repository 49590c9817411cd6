package io.quiver.gateway.http;

import io.quiver.executor.query.SearchStage;
import io.quiver.flight.TraceContext;
import io.quiver.gateway.trace.RequestLog;
import io.quiver.log.record.QuiverException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the one answer of a request, sees to what the caller may still be sending, and tells the observer. Belongs to
 * the event loop of its request.
 */
final class Responder {
    private static final Logger LOG = LoggerFactory.getLogger(Responder.class);

    /** Of a body that nobody wants, so much is read and dropped; a caller that sends more loses its connection. */
    private static final long DROPPED_BYTES_MAX = 256L * 1024 * 1024;

    /** How long the caller may go on sending it. */
    private static final Duration DROPPING_MAX = Duration.ofSeconds(10);

    private final Vertx vertx;
    private final HttpServerRequest request;
    private final String template;
    private final TraceContext trace;
    private final RequestObserver observer;
    private final Duration stallMax;
    private final long startedNanos = System.nanoTime();
    private long droppedBytes;
    private boolean isDropping;
    private boolean isDone;

    Responder(Vertx vertx, HttpServerRequest request, String template, RequestObserver observer, Duration stallMax) {
        this.vertx = vertx;
        this.request = request;
        this.template = template;
        this.trace = TraceContext.of(request.getHeader(TraceContext.REQUEST_HEADER));
        this.observer = observer;
        this.stallMax = stallMax;
    }

    /** The caller's trace, or one that begins here. */
    TraceContext trace() {
        return trace;
    }

    /**
     * Runs when the caller goes away before the answer has ended. A stream of HTTP/2 also closes behind a whole answer.
     */
    void whenGone(Runnable action) {
        request.response().exceptionHandler(_ -> {});
        request.response().closeHandler(_ -> {
            if (!request.response().ended()) {
                done(RequestObserver.CLIENT_GONE);
            }
            action.run();
        });
    }

    /** A status alone. */
    void send(int status) {
        request.response()
                .setStatusCode(status)
                .putHeader(Problems.TRACE_HEADER, trace.traceId())
                .putHeader(TraceContext.ANSWER_HEADER, trace.response());
        finish(request.response().end());
    }

    void send(QuiverException refusal) {
        send(Problems.answer(refusal, trace.traceId()));
    }

    /** A refusal that many are told at one time, in the same words. */
    void sendAlike(QuiverException refusal) {
        send(AlikeRefusals.answer(refusal, trace.traceId()));
    }

    /** The same to one who should come less often. */
    void sendAlikeLater(QuiverException refusal) {
        dropRest();
        Context eventLoop = vertx.getOrCreateContext();
        KeptBack.of(eventLoop).tellLater(eventLoop, () -> sendAlike(refusal));
    }

    /** Completes, successfully, when the answer has ended or could not be sent. */
    Future<Void> send(Answer answer) {
        if (answer instanceof Answer.Upgraded upgraded) {
            return upgraded(upgraded.status());
        }
        if (isDone || request.response().ended()) {
            return Future.succeededFuture();
        }
        return finish(write(answer).recover(this::writeProblem));
    }

    private Future<Void> upgraded(int status) {
        done(status);
        return Future.succeededFuture();
    }

    private Future<Void> write(Answer answer) {
        request.response().putHeader(TraceContext.ANSWER_HEADER, trace.response());
        return AnswerWriter.write(
                request.response(),
                answer,
                vertx.getOrCreateContext(),
                stallMax,
                nanos -> observer.spent(template, SearchStage.ENCODE, nanos));
    }

    /** An answer that cannot be put into words fails like any other request, as long as nothing of it has gone out. */
    private Future<Void> writeProblem(Throwable failure) {
        return request.response().headWritten() || request.response().closed()
                ? Future.failedFuture(failure)
                : write(Problems.answer(failure, trace.traceId()));
    }

    private Future<Void> finish(Future<Void> sent) {
        dropRest();
        return sent.onFailure(this::abort)
                .otherwiseEmpty()
                .onComplete(_ -> done(request.response().getStatusCode()));
    }

    /** Half an answer must not look like a whole one. */
    private void abort(Throwable reason) {
        HttpServerResponse response = request.response();
        if (reason instanceof StalledException) {
            LOG.info("{} {} is cut off: {}", request.method(), template, reason.getMessage());
            done(RequestObserver.CLIENT_STALLED);
        } else if (response.closed()) {
            done(RequestObserver.CLIENT_GONE);
        }
        if (!response.ended() && !response.closed()) {
            response.reset();
        }
    }

    /** Who is still sending reads the answer only afterwards; closing at once would take it away from them. */
    private void dropRest() {
        if (isDropping || request.isEnded() || request.response().closed()) {
            return;
        }
        isDropping = true;
        Context eventLoop = vertx.getOrCreateContext();
        Rounds.Watched dropping = Rounds.of(eventLoop)
                .watch(eventLoop, DROPPING_MAX, () -> request.connection().close());
        request.endHandler(_ -> dropping.done());
        request.exceptionHandler(_ -> dropping.done());
        request.handler(this::drop);
    }

    private void drop(Buffer chunk) {
        droppedBytes += chunk.length();
        if (droppedBytes > DROPPED_BYTES_MAX) {
            request.connection().close();
        }
    }

    private void done(int status) {
        if (!isDone) {
            isDone = true;
            Duration took = Duration.ofNanos(System.nanoTime() - startedNanos);
            observer.ended(request.method().name(), template, status, took, trace);
            RequestLog.ended(trace, request.method().name(), template, status, took);
        }
    }
}
