package io.quiver.gateway.server;

import io.quiver.flight.CallObserver;
import io.quiver.flight.FlightAccess;
import io.quiver.flight.FlightAddress;
import io.quiver.flight.FlightPort;
import io.quiver.flight.FlightTls;
import io.quiver.flight.service.HitsStream;
import io.quiver.flight.service.QuiverFlightServer;
import io.quiver.flight.service.ReadTurns;
import io.quiver.flight.service.VectorsStream;
import io.quiver.flight.service.WriteTurns;
import io.quiver.gateway.admission.Admission;
import io.quiver.gateway.admission.BulkReads;
import io.quiver.gateway.admission.BulkWrites;
import io.quiver.gateway.admission.PaidSearches;
import io.quiver.gateway.audit.AuditLog;
import io.quiver.gateway.audit.AuditSettings;
import io.quiver.gateway.auth.AskingGatekeeper;
import io.quiver.gateway.auth.AuditTrail;
import io.quiver.gateway.auth.FlightDoorkeeper;
import io.quiver.gateway.auth.Gatekeeper;
import io.quiver.gateway.auth.TlsIdentity;
import io.quiver.gateway.auth.TlsSettings;
import io.quiver.gateway.cache.HotResultCache;
import io.quiver.gateway.http.AllowedOrigins;
import io.quiver.gateway.http.ApiParts;
import io.quiver.gateway.http.ApiSettings;
import io.quiver.gateway.http.BodyPace;
import io.quiver.gateway.http.ChromaApi;
import io.quiver.gateway.server.configuration.LimitTable;
import io.quiver.gateway.server.configuration.NetworkConfiguration;
import io.quiver.gateway.server.configuration.ServerConfiguration;
import io.quiver.gateway.stream.StreamDoor;
import io.quiver.gateway.stream.StreamParts;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where callers come in.
 *
 * @param http address with the port that was taken
 * @param flight likewise
 */
record Doors(URI http, URI flight) {
    /** Calls over Flight that are open when HTTP has drained may run on for so long. */
    private static final Duration FLIGHT_DRAIN = Duration.ofSeconds(1);

    /**
     * Makes everything while the log is still being applied, waits for that, and opens Flight, then HTTP, whose
     * {@code /readyz} callers wait for.
     */
    static Doors open(
            ServerConfiguration configuration,
            Engine engine,
            Admission admission,
            Readiness readiness,
            ServerMeters meters,
            OpenParts parts) {
        NetworkConfiguration network = configuration.network();
        Vertx vertx = GatewayVertx.create(network.eventLoops(), network.http().connections(), meters.registry());
        parts.add("vertx", () -> vertx.close().await());
        AuditTrail audit = audit(configuration.audit(), parts);
        Gatekeeper gatekeeper = gatekeeper(configuration, audit, parts);
        TlsIdentity tls = tls(configuration, vertx, parts);
        PaidSearches searches = new PaidSearches(admission, engine.catalog());
        RequestMeters requests = new RequestMeters(meters);
        ReadTurns reads = new BulkReads(engine.link(), admission, searches, engine.catalog());
        HitsStream arrow = parts.add("arrow answers", new HitsStream(engine.flightMemory()));
        VectorsStream vectors = parts.add("arrow questions", new VectorsStream(engine.flightMemory()));
        var streams = new StreamDoor(
                vertx,
                streamParts(configuration, engine, admission, searches, vectors, arrow, requests),
                meters.registry());
        var api = parts.add(
                "api",
                new ChromaApi(
                        vertx,
                        apiParts(
                                configuration,
                                engine,
                                gatekeeper,
                                audit,
                                admission,
                                searches,
                                arrow,
                                readiness,
                                meters,
                                requests),
                        streams,
                        new OperatorPages(readiness, meters.registry(), gatekeeper.isOpen()).byPath()));
        engine.awaitApplied();
        QuiverFlightServer flight = parts.add(
                "flight",
                flight(
                        configuration,
                        engine,
                        reads,
                        new BulkWrites(admission),
                        flightPort(configuration, flightAccess(configuration, gatekeeper, audit), tls, requests)));
        meters.countsCancelled("flight", flight, QuiverFlightServer::cancelledCount);
        HttpDoor http = http(vertx, configuration, tls, api);
        parts.add("http", () -> http.close().await());
        parts.add("streams", streams);
        return new Doors(
                uri(tls == null ? "http" : "https", network, http.port()),
                uri(tls == null ? "grpc" : "grpc+tls", network, flight.port()));
    }

    private static Gatekeeper gatekeeper(ServerConfiguration configuration, AuditTrail audit, OpenParts parts) {
        if (!configuration.auth().isEnabled()) {
            return Gatekeeper.OPEN;
        }
        try {
            return parts.add(
                    "gatekeeper",
                    AskingGatekeeper.open(
                            configuration.auth(), configuration.dataDirectory(), audit, Clock.systemUTC()));
        } catch (IOException failure) {
            throw new StartException("cannot tell callers apart: " + failure.getMessage(), failure);
        }
    }

    /** Asks nothing where there is nobody to know and nothing to note. */
    private static FlightAccess flightAccess(
            ServerConfiguration configuration, Gatekeeper gatekeeper, AuditTrail audit) {
        FlightAccess access = new FlightDoorkeeper(gatekeeper, audit, QuiverFlightServer.OPERATIONS);
        boolean notesNothing = configuration.audit().extent() == AuditSettings.Extent.NOTHING;
        return gatekeeper.isOpen() && notesNothing ? FlightAccess.OPEN : access;
    }

    private static AuditTrail audit(AuditSettings settings, OpenParts parts) {
        if (settings.extent() == AuditSettings.Extent.NOTHING) {
            return AuditTrail.NONE;
        }
        try {
            AuditLog log = parts.add("audit log", AuditLog.open(settings, Clock.systemUTC()));
            return AuditTrail.to(log, settings.extent());
        } catch (IOException failure) {
            throw new StartException("cannot keep the audit log: " + failure.getMessage(), failure);
        }
    }

    private static @Nullable TlsIdentity tls(ServerConfiguration configuration, Vertx vertx, OpenParts parts) {
        TlsSettings settings = configuration.tls();
        try {
            return settings == null ? null : parts.add("certificate", TlsIdentity.open(vertx, settings));
        } catch (IOException failure) {
            throw new StartException("cannot encrypt: " + failure.getMessage(), failure);
        }
    }

    private static FlightPort flightPort(
            ServerConfiguration configuration, FlightAccess access, @Nullable TlsIdentity tls, CallObserver calls) {
        NetworkConfiguration network = configuration.network();
        return new FlightPort(
                new FlightAddress.Tcp(network.host(), network.flightPort()),
                access,
                tls == null ? null : new FlightTls(tls.keys(), tls.clients(), tls.requiresClient()),
                configuration.limits().flight(),
                FLIGHT_DRAIN,
                calls);
    }

    private static QuiverFlightServer flight(
            ServerConfiguration configuration, Engine engine, ReadTurns reads, WriteTurns turns, FlightPort port) {
        NetworkConfiguration network = configuration.network();
        try {
            return QuiverFlightServer.start(
                    port,
                    engine.catalog(),
                    engine.log(),
                    engine.writer(),
                    turns,
                    reads,
                    new EngineMaintenance(engine.compactor(), engine.snapshots()),
                    engine.flightMemory(),
                    configuration.limits().requests().query());
        } catch (UncheckedIOException failure) {
            throw taken("flight", network, network.flightPort(), failure);
        }
    }

    private static HttpDoor http(
            Vertx vertx, ServerConfiguration configuration, @Nullable TlsIdentity tls, ChromaApi api) {
        NetworkConfiguration network = configuration.network();
        int messageBytesMax = configuration.limits().streams().messageBytesMax();
        try {
            return HttpDoor.open(vertx, network, messageBytesMax, tls, api).await();
        } catch (Exception failure) {
            throw taken("http", network, network.httpPort(), failure);
        }
    }

    private static StartException taken(String door, NetworkConfiguration network, int port, Exception failure) {
        Throwable reason = failure.getCause() == null ? failure : failure.getCause();
        String message =
                "cannot listen on %s port %d (%s-port): %s".formatted(network.host(), port, door, reason.getMessage());
        return new StartException(message, failure);
    }

    private static ApiParts apiParts(
            ServerConfiguration configuration,
            Engine engine,
            Gatekeeper gatekeeper,
            AuditTrail audit,
            Admission admission,
            PaidSearches searches,
            HitsStream arrow,
            Readiness readiness,
            ServerMeters meters,
            RequestMeters requests) {
        return new ApiParts(
                engine.catalog(),
                engine.writer(),
                engine.link(),
                engine.log(),
                engine.executor(),
                engine.executor(),
                gatekeeper,
                audit,
                engine.snapshots(),
                admission,
                searches,
                new HotResultCache(configuration.cacheBytesMax(), meters.registry()),
                arrow,
                requests,
                readiness::isReady,
                apiSettings(configuration));
    }

    private static StreamParts streamParts(
            ServerConfiguration configuration,
            Engine engine,
            Admission admission,
            PaidSearches searches,
            VectorsStream vectors,
            HitsStream arrow,
            RequestMeters requests) {
        return new StreamParts(
                engine.catalog(),
                engine.link(),
                engine.executor(),
                admission,
                searches,
                vectors,
                arrow,
                configuration.limits().requests(),
                configuration.limits().streams(),
                requests);
    }

    private static ApiSettings apiSettings(ServerConfiguration configuration) {
        int bodyBytesMax = configuration.network().http().bodyBytesMax();
        return new ApiSettings(
                BuildVersion.VERSION,
                configuration.allowReset(),
                configuration.limits().requests(),
                LimitTable.of(configuration),
                bodyBytesMax,
                Math.max(bodyBytesMax, ApiSettings.BODIES_BYTES_MAX_DEFAULT),
                configuration.requestDeadline(),
                new BodyPace(
                        configuration.network().http().bodyBytesPerSecondMin(),
                        configuration.network().http().bodyWindow()),
                configuration.network().http().stallMax(),
                new AllowedOrigins(configuration.network().origins()));
    }

    private static URI uri(String scheme, NetworkConfiguration network, int port) {
        String host = network.host();
        return URI.create("%s://%s:%d".formatted(scheme, host.indexOf(':') < 0 ? host : "[" + host + "]", port));
    }
}
