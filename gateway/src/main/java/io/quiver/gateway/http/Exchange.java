package io.quiver.gateway.http;

import io.quiver.executor.QueryExecutor;
import io.quiver.executor.query.Consistency;
import io.quiver.executor.query.ConsistencyText;
import io.quiver.executor.query.Deadline;
import io.quiver.executor.query.Hits;
import io.quiver.executor.query.Query;
import io.quiver.executor.query.SearchStage;
import io.quiver.flight.service.HitsStream;
import io.quiver.gateway.admission.Allowance;
import io.quiver.gateway.admission.BrownOut;
import io.quiver.gateway.admission.Decision;
import io.quiver.gateway.admission.Lane;
import io.quiver.gateway.admission.OperationKind;
import io.quiver.gateway.auth.Access;
import io.quiver.gateway.trace.RequestTrace;
import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.QuiverException;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/**
 * One request under way: what it asks, its deadline, and what must be done when it ends.
 *
 * <p>Belongs to the event loop of its request, except for what never changes, which an endpoint may read on a worker
 * thread.
 */
final class Exchange {
    static final String TIMEOUT_HEADER = "x-timeout-ms";
    private static final String CONSISTENCY_HEADER = "x-quiver-consistency";

    /** Says that a search was narrower than it was asked to be, and how wide it was: {@code ef=64}. */
    static final String DEGRADED_HEADER = "x-quiver-degraded";

    private final HttpServerRequest request;
    private final Context eventLoop;
    private final Route route;
    private final List<String> parameters;
    private final Access access;
    private final ApiParts parts;
    private final boolean hasOwnDeadline;
    private final Duration timeout;
    private final Deadline deadline;
    private final Consistency consistency;
    private final RequestTrace trace;

    /** Set by the endpoint, perhaps on a worker thread, before it answers. */
    private volatile @Nullable String named;

    /** Likewise. */
    private volatile @Nullable Allowance allowance;

    /** Likewise; 0 where the search is the one that was asked for. */
    private volatile int degradedEf;

    private @Nullable Disposable work;
    private Runnable atEnd = () -> {};
    private boolean hasEnded;
    private boolean isBodyTooLong;

    /** Throws {@link QuiverException} where the caller's deadline or consistency cannot be read. */
    Exchange(
            HttpServerRequest request,
            Context eventLoop,
            Route route,
            List<String> parameters,
            Access access,
            RequestTrace trace,
            ApiParts parts) {
        this.request = request;
        this.eventLoop = eventLoop;
        this.route = route;
        this.parameters = parameters;
        this.access = access;
        this.trace = trace;
        this.parts = parts;
        String asked = request.getHeader(TIMEOUT_HEADER);
        this.hasOwnDeadline = asked != null;
        this.timeout = asked == null ? parts.settings().timeout() : timeout(asked);
        this.deadline = Deadline.after(timeout);
        this.consistency = ConsistencyText.read(request.getHeader(CONSISTENCY_HEADER), "Header " + CONSISTENCY_HEADER);
    }

    private static Duration timeout(String asked) {
        try {
            long millis = Long.parseLong(asked.strip());
            if (millis >= 1 && millis <= ApiSettings.TIMEOUT_MAX.toMillis()) {
                return Duration.ofMillis(millis);
            }
        } catch (NumberFormatException e) {
            // refused like any other that is out of range
        }
        throw QuiverException.invalid("Header %s must be a number of milliseconds from 1 to %d"
                .formatted(TIMEOUT_HEADER, ApiSettings.TIMEOUT_MAX.toMillis()));
    }

    HttpServerRequest request() {
        return request;
    }

    Context eventLoop() {
        return eventLoop;
    }

    Route route() {
        return route;
    }

    ApiParts parts() {
        return parts;
    }

    /** Who asks, and what they may do. */
    Access access() {
        return access;
    }

    /** Answers reads, about what the caller may see. */
    QueryExecutor executor() {
        return access.narrowed(parts.executor());
    }

    /** The decoded part of the path for the template's parameter of that number, from 0. */
    String parameter(int index) {
        return parameters.get(index);
    }

    List<String> parameters() {
        return parameters;
    }

    int parameterCount() {
        return parameters.size();
    }

    /** Whether the caller wants the answer in Arrow, and can have it. */
    boolean wantsArrow() {
        String accepted = route.isCompact() ? request.getHeader(HttpHeaders.ACCEPT) : null;
        return accepted != null && accepted.contains(HitsStream.MEDIA_TYPE);
    }

    /** Says what the request is about, where the path does not. */
    void named(String name) {
        named = name;
    }

    /** What the request is about, for the audit log. */
    String object() {
        String inPath = parameters.stream().collect(Collectors.joining("/"));
        String name = named;
        return name == null ? inPath : inPath.isEmpty() ? name : inPath + "/" + name;
    }

    Deadline deadline() {
        return deadline;
    }

    /** How fresh reads must be, as the caller said; strong where it said nothing. */
    Consistency consistency() {
        return consistency;
    }

    Duration timeout() {
        return timeout;
    }

    /** Whether the caller set the deadline, and so knows that an answer may be partial. */
    boolean hasOwnDeadline() {
        return hasOwnDeadline;
    }

    /** Who asks and pays: the tenant of the path, or the default one. */
    String tenant() {
        return route.tenant(parameters);
    }

    void charge(OperationKind kind, double costUnits) {
        Decision decision = parts.admission().admit(tenant(), kind, costUnits);
        allowance = decision.allowance();
        decision.orThrow();
    }

    /** Asks the executor at the price of the work. */
    @SuppressWarnings("ReferenceEquality") // what was not narrowed is the same list
    Mono<List<Hits>> search(List<Query> queries) {
        int efMax = parts.admission().efMax(Lane.READ);
        List<Query> asked = efMax == Integer.MAX_VALUE ? queries : BrownOut.narrowed(queries, efMax);
        if (asked != queries) {
            degradedEf = efMax;
        }
        return parts.searches().execute(tenant(), asked, executor(), left -> allowance = left);
    }

    /** Whether the answer is to less than was asked, for the server has too much to do. */
    boolean isDegraded() {
        return degradedEf > 0;
    }

    /** Puts into the answer's headers what the caller has left, where it is limited, and what it did not get. */
    void showLimits() {
        if (isDegraded() && !request.response().headWritten()) {
            request.response().putHeader(DEGRADED_HEADER, "ef=" + degradedEf);
        }
        Allowance left = allowance;
        if (left != null && !request.response().headWritten()) {
            RateLimitHeaders.put(request.response().headers(), left);
        }
    }

    String traceId() {
        return trace.traceId();
    }

    RequestTrace trace() {
        return trace;
    }

    /** The body is longer than bodies may be: remembers it, and says so. */
    QuiverException bodyTooLong() {
        isBodyTooLong = true;
        return new QuiverException(
                ErrorCode.PAYLOAD_TOO_LARGE,
                "Payload too large: at most %d bytes are accepted"
                        .formatted(parts.settings().bodyBytesMax()));
    }

    /** What to answer to a request that failed. */
    Answer problem(Throwable failure) {
        return isBodyTooLong && route.isOfRecords()
                ? Problems.plain(failure, traceId())
                : Problems.answer(failure, traceId());
    }

    /** It has been through a stage that began then. */
    void passed(SearchStage stage, long beginNanos) {
        long nanos = System.nanoTime() - beginNanos;
        trace.passed(stage, nanos);
        parts.observer().spent(route.template(), stage, nanos);
    }

    Vertx vertx() {
        return eventLoop.owner();
    }

    /** Ends the connection of a caller who has not sent the whole request; of HTTP/2, its stream. */
    void disconnect() {
        if (request.version() == HttpVersion.HTTP_2) {
            request.response().reset();
        } else {
            request.connection().close();
        }
    }

    /** Work to be cancelled if the caller goes away. */
    void working(Disposable disposable) {
        work = disposable;
        if (hasEnded) {
            disposable.dispose();
        }
    }

    /**
     * Has something looked at after so long, and again and again, until the answer has ended; gives the means to end it
     * before.
     */
    Rounds.Watched watch(Duration every, Runnable look) {
        Rounds.Watched watched = Rounds.of(eventLoop).watch(eventLoop, every, look);
        atEnd(watched::done);
        return watched;
    }

    /** Adds what must be done, once, when the answer has ended or the caller has gone. */
    void atEnd(Runnable action) {
        Runnable before = atEnd;
        atEnd = () -> {
            before.run();
            action.run();
        };
    }

    boolean hasEnded() {
        return hasEnded;
    }

    /** The answer has ended, or nobody waits for it any more. */
    void end() {
        if (!hasEnded) {
            hasEnded = true;
            if (work != null) {
                work.dispose();
            }
            atEnd.run();
        }
    }
}
