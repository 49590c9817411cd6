package io.quiver.gateway.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.function.LongConsumer;

/**
 * Writes an answer to its response. What fits into one piece goes out at once, with its length; more is written piece
 * by piece, the next one being encoded when the socket has taken the one before: a slow reader costs one piece of
 * memory.
 *
 * <p>Belongs to the event loop of its request.
 */
final class AnswerWriter {
    static final String JSON = "application/json";

    /** Encoding so much takes about a millisecond. */
    static final int PIECE_BYTES = 64 * 1024;

    private final HttpServerResponse response;
    private final Answer.Json answer;
    private final Context eventLoop;
    private final Duration stallMax;
    private final LongConsumer encoded;
    private final AnswerBuffer buffer = new AnswerBuffer();
    private final JsonGenerator out;
    private long encodingNanos;

    private AnswerWriter(
            HttpServerResponse response, Answer.Json answer, Context eventLoop, Duration stallMax, LongConsumer encoded)
            throws IOException {
        this.response = response;
        this.answer = answer;
        this.eventLoop = eventLoop;
        this.stallMax = stallMax;
        this.encoded = encoded;
        this.out = Json.FACTORY.createGenerator(buffer);
    }

    /**
     * Completes when the response has ended, fails when it could not be written; with {@link StalledException} when the
     * caller took nothing for {@code stallMax}.
     *
     * @param encoded told how many nanoseconds it took to put the whole answer into JSON
     */
    static Future<Void> write(
            HttpServerResponse response, Answer answer, Context eventLoop, Duration stallMax, LongConsumer encoded) {
        response.setStatusCode(answer.status());
        answer.headers().forEach(response::putHeader);
        return switch (answer) {
            case Answer.Encoded whole -> {
                response.putHeader(HttpHeaders.CONTENT_TYPE, whole.contentType());
                yield taken(response.end(whole.body()), eventLoop, stallMax);
            }
            case Answer.Json json -> writeJson(response, json, eventLoop, stallMax, encoded);
            case Answer.Upgraded _ -> Future.succeededFuture();
        };
    }

    private static Future<Void> writeJson(
            HttpServerResponse response, Answer.Json json, Context eventLoop, Duration stallMax, LongConsumer encoded) {
        response.putHeader(HttpHeaders.CONTENT_TYPE, JSON);
        try {
            return new AnswerWriter(response, json, eventLoop, stallMax, encoded).writeFirst();
        } catch (IOException | RuntimeException e) {
            return Future.failedFuture(e);
        }
    }

    private Future<Void> writeFirst() throws IOException {
        Buffer first = nextPiece();
        if (!answer.steps().hasNext()) {
            answer.whole().accept(first);
            return taken(response.end(first), eventLoop, stallMax);
        }
        response.setChunked(true);
        Promise<Void> ended = Promise.promise();
        writePiece(first, ended);
        return ended.future();
    }

    /**
     * Each piece has a turn of the event loop to itself, also when the socket takes one at once: others come between.
     */
    private void writePiece(Buffer piece, Promise<Void> ended) {
        taken(response.write(piece), eventLoop, stallMax)
                .onSuccess(_ -> eventLoop.runOnContext(_ -> writeNext(ended)))
                .onFailure(ended::tryFail);
    }

    private void writeNext(Promise<Void> ended) {
        try {
            Buffer piece = nextPiece();
            if (answer.steps().hasNext()) {
                writePiece(piece, ended);
            } else {
                taken(response.end(piece), eventLoop, stallMax)
                        .onSuccess(ended::tryComplete)
                        .onFailure(ended::tryFail);
            }
        } catch (IOException | RuntimeException e) {
            ended.tryFail(e);
        }
    }

    /**
     * Most pieces are taken at once and need no clock; those that go out at the end of a round of reading, as refusals
     * do, need one for a moment.
     */
    private static Future<Void> taken(Future<Void> written, Context eventLoop, Duration stallMax) {
        if (written.isComplete()) {
            return written;
        }
        Promise<Void> taken = Promise.promise();
        Rounds.Watched watched =
                Rounds.of(eventLoop).watch(eventLoop, stallMax, () -> taken.tryFail(new StalledException(stallMax)));
        written.onSuccess(taken::tryComplete).onFailure(taken::tryFail).onComplete(_ -> watched.done());
        return taken.future();
    }

    private Buffer nextPiece() throws IOException {
        long begin = System.nanoTime();
        Buffer piece = encodePiece();
        encodingNanos += System.nanoTime() - begin;
        if (!answer.steps().hasNext()) {
            encoded.accept(encodingNanos);
        }
        return piece;
    }

    private Buffer encodePiece() throws IOException {
        while (answer.steps().hasNext() && buffer.sizeBytes() + out.getOutputBuffered() < PIECE_BYTES) {
            answer.steps().next().write(out);
        }
        if (answer.steps().hasNext()) {
            out.flush();
        } else {
            out.close();
        }
        return buffer.take();
    }
}
