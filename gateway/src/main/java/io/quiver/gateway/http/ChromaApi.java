package io.quiver.gateway.http;

import io.quiver.executor.query.SearchStage;
import io.quiver.gateway.admission.Decision;
import io.quiver.gateway.admission.Lane;
import io.quiver.gateway.admission.OperationKind;
import io.quiver.gateway.admission.Permit;
import io.quiver.gateway.auth.Access;
import io.quiver.gateway.trace.RequestTrace;
import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.QuiverException;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Chroma's HTTP API v2 on the parts of a server: the request handler of an HTTP server.
 *
 * <p>A request goes through {@link #serve}: who asks and whether they may, a place among those in flight, the price
 * that is known, the body, the route's endpoint, the answer. Whatever fails is answered by {@link Problems}. A caller
 * that goes away, or a deadline that passes, cancels the work.
 *
 * <p>Safe on every event loop. Owns the worker threads for large work, until {@link #close}; the parts belong to
 * whoever made them.
 */
public final class ChromaApi implements Handler<HttpServerRequest>, AutoCloseable {
    /** Parsing more than this would hold up the event loop. */
    static final int LARGE_BODY_BYTES = 256 * 1024;

    /** The executor sees to deadlines itself; only what does not heed them is cut off, so much later. */
    private static final Duration DEADLINE_GRACE = Duration.ofSeconds(1);

    private static final int WORKERS = Math.max(2, Runtime.getRuntime().availableProcessors());
    private static final String UNKNOWN = "unknown";

    private final Vertx vertx;
    private final ApiParts parts;
    private final Map<String, Handler<HttpServerRequest>> pages;
    private final RouteTable routes;
    private final Doorkeeper doorkeeper;
    private final BodyBudget bodies;
    private final WorkerExecutor workers;
    private final Scheduler onWorkers;

    /**
     * @param streams given the connections that become WebSockets
     * @param pages answered to GET at exactly these paths before everything else, free of charge and limits: what the
     *     operators of the server look at
     */
    public ChromaApi(Vertx vertx, ApiParts parts, StreamHost streams, Map<String, Handler<HttpServerRequest>> pages) {
        this.vertx = vertx;
        this.parts = parts;
        this.pages = Map.copyOf(pages);
        this.bodies = new BodyBudget(parts.settings().bodiesBytesMax());
        this.workers = vertx.createSharedWorkerExecutor("quiver-http", WORKERS);
        this.onWorkers = Schedulers.fromExecutor(this::work);
        this.routes = routes(parts, streams, onWorkers);
        this.doorkeeper = new Doorkeeper(parts.gatekeeper(), parts.audit(), routes.routes(), pages.keySet());
    }

    private static RouteTable routes(ApiParts parts, StreamHost streams, Scheduler workers) {
        CollectionFinder finder = new CollectionFinder(parts.catalog());
        ServerEndpoints server = new ServerEndpoints(parts);
        RouteTable table = new RouteTable();
        List.of(
                        server.routes(),
                        new TenantEndpoints(parts.catalog()).routes(),
                        new CollectionEndpoints(parts, finder).routes(),
                        new ForkEndpoints(parts, finder).routes(),
                        new SnapshotEndpoints(parts.snapshots()).routes(),
                        new QuotaEndpoints(parts.catalog(), parts.usages(), finder).routes(),
                        new WriteEndpoints(parts, finder, workers).routes(),
                        new ConditionalEndpoints(parts, finder, workers).routes(),
                        new ReadEndpoints(parts, finder).routes(),
                        new SearchEndpoints(parts, finder).routes(),
                        new ExplainEndpoints(parts, finder).routes(),
                        new StreamEndpoints(finder, streams).routes(),
                        new LimitEndpoints(parts.settings().listed()).routes(),
                        LaterEndpoints.routes(),
                        new DescriptionEndpoints().routes())
                .forEach(group -> group.forEach(table::add));
        return table;
    }

    /** Every route, for who describes them. */
    Collection<Route> routes() {
        return routes.routes();
    }

    @Override
    public void close() {
        workers.close();
    }

    private void work(Runnable task) {
        workers.executeBlocking(
                () -> {
                    task.run();
                    return null;
                },
                false);
    }

    @Override
    public void handle(HttpServerRequest request) {
        if (!parts.settings().origins().answers(request)) {
            serve(request);
        }
    }

    private void serve(HttpServerRequest request) {
        Handler<HttpServerRequest> page = HttpMethod.GET.equals(request.method()) ? pages.get(request.path()) : null;
        if (page != null) {
            show(request, page);
        } else {
            find(request);
        }
    }

    private void show(HttpServerRequest request, Handler<HttpServerRequest> page) {
        try {
            doorkeeper.page(request, path(request));
            page.handle(request);
        } catch (QuiverException refusal) {
            responder(request, UNKNOWN).send(refusal);
        }
    }

    private void find(HttpServerRequest request) {
        try {
            switch (routes.find(request.method(), path(request))) {
                case RouteTable.Match.Found(var route, var parameters) -> enter(request, route, parameters);
                case RouteTable.Match.WrongMethod() -> refuse(request, 405);
                case RouteTable.Match.Unknown() -> refuse(request, 404);
            }
        } catch (QuiverException refusal) {
            responder(request, UNKNOWN).send(refusal);
        }
    }

    private void refuse(HttpServerRequest request, int status) {
        doorkeeper.nowhere(request);
        responder(request, UNKNOWN).send(status);
    }

    /** There is none in a request for the server as a whole. */
    private static String path(HttpServerRequest request) {
        String path = request.path();
        return path == null ? "" : path;
    }

    private Responder responder(HttpServerRequest request, String template) {
        return new Responder(
                vertx, request, template, parts.observer(), parts.settings().stallMax());
    }

    private void enter(HttpServerRequest request, Route route, List<String> parameters) {
        Responder responder = responder(request, route.template());
        Permit permit = parts.admission().enter();
        if (permit == null) {
            responder.sendAlike(parts.admission().full().toException());
            return;
        }
        try {
            Access access = doorkeeper.route(request, route, parameters);
            if (isCrowdedOut(route, parameters, responder)) {
                permit.close();
                return;
            }
            RequestTrace trace = new RequestTrace(responder.trace());
            Exchange exchange =
                    new Exchange(request, vertx.getOrCreateContext(), route, parameters, access, trace, parts);
            exchange.atEnd(permit::close);
            doorkeeper.watch(exchange);
            serve(exchange, responder);
        } catch (QuiverException refusal) {
            permit.close();
            responder.send(refusal);
        }
    }

    /** Refusing costs least where nothing has been read yet, and there is most of it to do when there is least time. */
    private boolean isCrowdedOut(Route route, List<String> parameters, Responder responder) {
        Lane lane = route.cost().lane();
        Decision.Refused refusal = lane == null ? null : parts.admission().refusal(lane, route.tenant(parameters));
        if (refusal == null) {
            return false;
        }
        if (refusal.isKeptBack()) {
            responder.sendAlikeLater(refusal.toException());
        } else {
            responder.sendAlike(refusal.toException());
        }
        return true;
    }

    private void serve(Exchange exchange, Responder responder) {
        Promise<Answer> answer = Promise.promise();
        exchange.watch(exchange.timeout().plus(DEADLINE_GRACE), () -> answer.tryFail(tooLate(exchange)));
        responder.whenGone(exchange::end);
        StreamEndpoints.hold(exchange.route(), exchange.request());
        answer(exchange).onSuccess(answer::tryComplete).onFailure(answer::tryFail);
        answer.future()
                .otherwise(exchange::problem)
                .compose(known -> send(exchange, responder, known))
                .onComplete(_ -> exchange.end());
    }

    private static Future<Void> send(Exchange exchange, Responder responder, Answer answer) {
        exchange.showLimits();
        return responder.send(answer);
    }

    private Future<Answer> answer(Exchange exchange) {
        try {
            chargeAdmin(exchange);
            return BodyReader.read(exchange, bodies).compose(body -> ask(exchange, body));
        } catch (QuiverException refusal) {
            return Future.failedFuture(refusal);
        }
    }

    private static void chargeAdmin(Exchange exchange) {
        if (exchange.route().cost() == Route.Cost.ADMIN) {
            exchange.charge(OperationKind.ADMIN, 1);
        }
    }

    /** Until the answer is known there is a place taken for it; not while it is sent, for callers may read slowly. */
    private Future<Answer> ask(Exchange exchange, RequestBody body) {
        Lane lane = exchange.route().cost().lane();
        Mono<Answer> answer = lane == null ? endpoint(exchange, body) : inLane(exchange, body, lane);
        return Reactive.future(answer.contextWrite(exchange.trace()::in), exchange.eventLoop(), exchange::working);
    }

    private Mono<Answer> inLane(Exchange exchange, RequestBody body, Lane lane) {
        long begin = System.nanoTime();
        Permit free = parts.admission().placeNow(lane, exchange.tenant());
        if (free != null) {
            exchange.passed(SearchStage.ADMIT, begin);
            return endpoint(exchange, body).doFinally(_ -> free.close());
        }
        return Mono.usingWhen(
                place(exchange, lane), _ -> endpoint(exchange, body), place -> Mono.fromRunnable(place::close));
    }

    private Mono<Permit> place(Exchange exchange, Lane lane) {
        Executor eventLoop = turn -> exchange.eventLoop().runOnContext(_ -> turn.run());
        long begin = System.nanoTime();
        return parts.admission()
                .place(lane, exchange.tenant(), exchange.deadline(), eventLoop)
                .doOnNext(_ -> exchange.passed(SearchStage.ADMIT, begin));
    }

    private Mono<Answer> endpoint(Exchange exchange, RequestBody body) {
        Mono<Answer> answer = Mono.defer(
                () -> exchange.route().endpoint().answer(exchange, body).cast(Answer.class));
        return body.length() > LARGE_BODY_BYTES ? answer.subscribeOn(onWorkers) : answer;
    }

    private static QuiverException tooLate(Exchange exchange) {
        return new QuiverException(
                ErrorCode.DEADLINE_EXCEEDED,
                "No answer within %d ms".formatted(exchange.timeout().toMillis()));
    }
}
