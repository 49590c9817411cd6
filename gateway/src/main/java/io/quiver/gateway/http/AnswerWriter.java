package io.quiver.gateway.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;

/**
 * Writes an answer to its response. What fits into one piece goes out at once, with its length; more is written piece by
 * piece, the next one being encoded when the socket has taken the one before: a slow reader costs one piece of memory.
 *
 * <p>Belongs to the event loop of its request.
 */
final class AnswerWriter {
    static final String JSON = "application/json";

    /** Encoding so much takes well under a millisecond. */
    static final int PIECE_BYTES = 64 * 1024;

    private final HttpServerResponse response;
    private final Answer.Json answer;
    private final AnswerBuffer buffer = new AnswerBuffer();
    private final JsonGenerator out;

    private AnswerWriter(HttpServerResponse response, Answer.Json answer) throws IOException {
        this.response = response;
        this.answer = answer;
        this.out = Json.FACTORY.createGenerator(buffer);
    }

    /** Completes when the response has ended, fails when it could not be written. */
    static Future<Void> write(HttpServerResponse response, Answer answer) {
        response.setStatusCode(answer.status());
        answer.headers().forEach(response::putHeader);
        return switch (answer) {
            case Answer.Encoded encoded -> {
                response.putHeader(HttpHeaders.CONTENT_TYPE, encoded.contentType());
                yield response.end(encoded.body());
            }
            case Answer.Json json -> writeJson(response, json);
        };
    }

    private static Future<Void> writeJson(HttpServerResponse response, Answer.Json json) {
        try {
            return new AnswerWriter(response, json).writeFirst();
        } catch (IOException e) {
            return Future.failedFuture(e);
        }
    }

    private Future<Void> writeFirst() throws IOException {
        Buffer first = nextPiece();
        response.putHeader(HttpHeaders.CONTENT_TYPE, JSON);
        if (!answer.steps().hasNext()) {
            answer.whole().accept(first);
            return response.end(first);
        }
        response.setChunked(true);
        return response.write(first).compose(_ -> writeRest());
    }

    private Future<Void> writeRest() {
        try {
            Buffer piece = nextPiece();
            return answer.steps().hasNext() ? response.write(piece).compose(_ -> writeRest()) : response.end(piece);
        } catch (IOException e) {
            return Future.failedFuture(e);
        }
    }

    private Buffer nextPiece() throws IOException {
        while (answer.steps().hasNext() && buffer.sizeBytes() < PIECE_BYTES) {
            answer.steps().next().write(out);
            out.flush();
        }
        if (!answer.steps().hasNext()) {
            out.close();
        }
        return buffer.take();
    }
}
