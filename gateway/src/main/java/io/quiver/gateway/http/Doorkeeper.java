package io.quiver.gateway.http;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.quiver.gateway.auth.Access;
import io.quiver.gateway.auth.AccessTable;
import io.quiver.gateway.auth.AuditTrail;
import io.quiver.gateway.auth.Caller;
import io.quiver.gateway.auth.Gatekeeper;
import io.quiver.gateway.auth.Presented;
import io.quiver.gateway.auth.Requirement;
import io.quiver.log.record.QuiverException;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.SocketAddress;
import java.util.Collection;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * Lets requests in, before anything of their body is read: who asks, and whether the route's entry in
 * {@link AccessTable} allows it to them. Refusals are {@link io.quiver.log.record.QuiverException}. Safe on every event
 * loop.
 */
final class Doorkeeper {
    private final Gatekeeper gatekeeper;
    private final AuditTrail audit;
    private final IdentityHashMap<Route, Access> routes = new IdentityHashMap<>();
    private final Map<String, Access> pages = new HashMap<>();

    /** Throws {@link IllegalStateException} for a route or a page that the table lacks. */
    Doorkeeper(Gatekeeper gatekeeper, AuditTrail audit, Collection<Route> routes, Collection<String> pages) {
        this.gatekeeper = gatekeeper;
        this.audit = audit;
        routes.forEach(route -> this.routes.put(route, everyone(operation(route))));
        pages.forEach(page -> this.pages.put(page, everyone("GET " + page)));
    }

    private static Access everyone(String operation) {
        return new Access(Caller.EVERYONE, AccessTable.of(operation));
    }

    /** @param parameters of the path, decoded, in order */
    Access route(HttpServerRequest request, Route route, List<String> parameters) {
        if (introducesItself(request, route)) {
            return new Access(
                    Caller.UNINTRODUCED,
                    Objects.requireNonNull(routes.get(route)).requirement());
        }
        Access access = of(request, Objects.requireNonNull(routes.get(route)));
        require(request, access, parameters);
        return access;
    }

    /** Browsers cannot set headers of a WebSocket: such a stream begins with its caller's credential. */
    private boolean introducesItself(HttpServerRequest request, Route route) {
        return !gatekeeper.isOpen()
                && StreamEndpoints.isStream(route, request)
                && presented(request).isNothing();
    }

    void page(HttpServerRequest request, String page) {
        require(request, of(request, Objects.requireNonNull(pages.get(page))), List.of());
    }

    private void require(HttpServerRequest request, Access access, List<String> names) {
        try {
            access.require(names);
        } catch (QuiverException refusal) {
            audit.refused(access.caller(), from(request), operation(request), path(request), result(refusal));
            throw refusal;
        }
    }

    /** Notes in the audit log how a request ends, if such requests are noted. */
    void watch(Exchange exchange) {
        Access access = exchange.access();
        if (!access.caller().equals(Caller.UNINTRODUCED) && isNoted(exchange, access)) {
            exchange.atEnd(() -> note(exchange, access, status(exchange)));
        }
    }

    /** Notes in the audit log who asks for a stream, if they said so after the handshake and streams are noted. */
    static void introduced(Exchange exchange, Access access) {
        if (isNoted(exchange, access)) {
            note(exchange, access, Integer.toString(HttpResponseStatus.SWITCHING_PROTOCOLS.code()));
        }
    }

    private static boolean isNoted(Exchange exchange, Access access) {
        return exchange.parts()
                .audit()
                .wants(operation(exchange.route()), access.requirement().permission());
    }

    private static void note(Exchange exchange, Access access, String result) {
        AuditTrail audit = exchange.parts().audit();
        String from = from(exchange.request());
        audit.note(access.caller(), from, operation(exchange.route()), exchange.object(), result);
    }

    private static String status(Exchange exchange) {
        HttpServerResponse response = exchange.request().response();
        return Integer.toString(response.ended() ? response.getStatusCode() : RequestObserver.CLIENT_GONE);
    }

    private static String operation(Route route) {
        return route.method() + " " + route.template();
    }

    private static String operation(HttpServerRequest request) {
        return request.method() + " request";
    }

    private static String result(QuiverException refusal) {
        return refusal.code().name();
    }

    /** A path that leads nowhere is told to those alone who are known: others learn nothing. */
    void nowhere(HttpServerRequest request) {
        identify(request);
    }

    private Access of(HttpServerRequest request, Access everyone) {
        return gatekeeper.isOpen() || everyone.requirement().level() == Requirement.Level.OPEN
                ? everyone
                : new Access(identify(request), everyone.requirement());
    }

    private Caller identify(HttpServerRequest request) {
        if (gatekeeper.isOpen()) {
            return Caller.EVERYONE;
        }
        try {
            return gatekeeper.identify(presented(request));
        } catch (QuiverException refusal) {
            audit.refused(null, from(request), operation(request), path(request), result(refusal));
            throw refusal;
        }
    }

    private static Presented presented(HttpServerRequest request) {
        return Presented.of(request::getHeader, from(request), subject(request));
    }

    static String from(HttpServerRequest request) {
        SocketAddress from = request.remoteAddress();
        return from == null ? "" : from.toString();
    }

    private static String path(HttpServerRequest request) {
        String path = request.path();
        return path == null ? "" : path;
    }

    private static @Nullable String subject(HttpServerRequest request) {
        try {
            SSLSession session = request.sslSession();
            return session == null ? null : session.getPeerPrincipal().getName();
        } catch (SSLPeerUnverifiedException none) {
            return null;
        }
    }
}
