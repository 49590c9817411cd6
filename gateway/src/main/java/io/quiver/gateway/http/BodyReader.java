package io.quiver.gateway.http;

import io.quiver.gateway.admission.OperationKind;
import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.QuiverException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads the body of one request into one array, after everything that its headers say has been checked: a body that is
 * too long by its own account is refused before a byte of it is read.
 *
 * <p>Belongs to the event loop of its request.
 */
final class BodyReader {
    static final String FLOATS = "application/octet-stream";

    private static final int INITIAL_BYTES = 4 * 1024;

    private final Exchange exchange;
    private final BodyBudget budget;
    private final RequestBody.Form form;
    private final int bytesMax;
    private final Promise<RequestBody> whole = Promise.promise();
    private byte[] bytes;
    private int length;
    private long taken;

    private BodyReader(Exchange exchange, BodyBudget budget, RequestBody.Form form, int bytesExpected) {
        this.exchange = exchange;
        this.budget = budget;
        this.form = form;
        this.bytesMax = exchange.parts().settings().bodyBytesMax();
        take(bytesExpected);
        this.bytes = new byte[bytesExpected];
    }

    /**
     * Reads what the exchange's route wants. Throws {@link QuiverException} for a body that will not be read; its
     * memory is given back when the exchange ends.
     */
    static Future<RequestBody> read(Exchange exchange, BodyBudget budget) {
        if (!exchange.route().hasBody()) {
            return Future.succeededFuture(RequestBody.NONE);
        }
        HttpServerRequest request = exchange.request();
        RequestBody.Form form = form(request.getHeader(HttpHeaders.CONTENT_TYPE), exchange.route());
        long announced = announced(request.getHeader(HttpHeaders.CONTENT_LENGTH));
        if (announced > exchange.parts().settings().bodyBytesMax()) {
            throw exchange.bodyTooLong();
        }
        boolean isCostKnown = announced >= 0;
        if (isCostKnown) {
            charge(exchange, announced);
        }
        BodyReader reader = new BodyReader(exchange, budget, form, isCostKnown ? (int) announced : INITIAL_BYTES);
        Future<RequestBody> body = reader.read(request);
        return isCostKnown ? body : body.map(read -> charged(exchange, read));
    }

    private static void charge(Exchange exchange, long bytes) {
        if (exchange.route().cost() == Route.Cost.BYTES) {
            exchange.charge(OperationKind.WRITE, (double) bytes);
        }
    }

    private static RequestBody charged(Exchange exchange, RequestBody body) {
        charge(exchange, body.length());
        return body;
    }

    private static RequestBody.Form form(@Nullable String contentType, Route route) {
        if (contentType == null) {
            return RequestBody.Form.JSON;
        }
        int parameters = contentType.indexOf(';');
        String type = (parameters < 0 ? contentType : contentType.substring(0, parameters))
                .strip()
                .toLowerCase(Locale.ROOT);
        if (route.isCompact() && type.equals(FLOATS)) {
            return RequestBody.Form.FLOATS;
        }
        if (!type.equals("application/json") && !(type.startsWith("application/") && type.endsWith("+json"))) {
            throw new QuiverException(
                    ErrorCode.UNSUPPORTED_MEDIA_TYPE, "Expected request with `Content-Type: application/json`");
        }
        return RequestBody.Form.JSON;
    }

    /** -1 where the length is not said. */
    private static long announced(@Nullable String contentLength) {
        try {
            return contentLength == null ? -1 : Long.parseLong(contentLength);
        } catch (NumberFormatException e) {
            throw QuiverException.invalid("Header content-length must be a number");
        }
    }

    private Future<RequestBody> read(HttpServerRequest request) {
        exchange.atEnd(() -> budget.giveBack(taken));
        requirePace();
        request.exceptionHandler(_ -> whole.tryFail(
                new QuiverException(ErrorCode.CANCELLED, "The body of the request could not be read to its end")));
        request.handler(this::append);
        request.endHandler(_ -> whole.tryComplete(
                new RequestBody(bytes, length, form, exchange.parts().settings().limits())));
        if ("100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT))) {
            request.response().writeContinue();
        }
        return whole.future();
    }

    /** Who keeps a place by sending a byte now and then loses it, and the connection with it. */
    private void requirePace() {
        BodyPace pace = exchange.parts().settings().pace();
        long[] before = {0};
        Rounds.Watched watched = exchange.watch(pace.window(), () -> {
            if (pace.isTooSlow(length - before[0])) {
                refuseSlow(pace);
            }
            before[0] = length;
        });
        whole.future().onComplete(_ -> watched.done());
    }

    private void refuseSlow(BodyPace pace) {
        exchange.atEnd(exchange::disconnect);
        whole.tryFail(new QuiverException(
                ErrorCode.TOO_SLOW,
                "The body of the request comes too slowly: less than %d bytes a second"
                        .formatted(pace.bytesPerSecondMin())));
    }

    private void append(Buffer chunk) {
        if (whole.future().isComplete()) {
            return;
        }
        try {
            room(chunk.length());
            chunk.getBytes(bytes, length);
            length += chunk.length();
        } catch (QuiverException refusal) {
            whole.tryFail(refusal);
        }
    }

    private void room(int more) {
        if (more > bytesMax - length) {
            throw exchange.bodyTooLong();
        }
        if (bytes.length - length < more) {
            int larger = (int) Math.min(bytesMax, Math.max((long) length + more, 2L * bytes.length));
            take(larger - bytes.length);
            bytes = Arrays.copyOf(bytes, larger);
        }
    }

    private void take(long more) {
        budget.take(more);
        taken += more;
    }
}
