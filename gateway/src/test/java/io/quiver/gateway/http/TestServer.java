package io.quiver.gateway.http;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quiver.executor.ExecutorSettings;
import io.quiver.executor.LocalExecutor;
import io.quiver.executor.QueryExecutor;
import io.quiver.executor.segment.LocalSegmentStore;
import io.quiver.executor.segment.OffHeapBudget;
import io.quiver.executor.text.Bm25Fields;
import io.quiver.flight.FlightMemory;
import io.quiver.flight.link.InProcessLink;
import io.quiver.flight.service.HitsStream;
import io.quiver.flight.service.VectorsStream;
import io.quiver.gateway.admission.Admission;
import io.quiver.gateway.admission.AdmissionSettings;
import io.quiver.gateway.admission.PaidSearches;
import io.quiver.gateway.auth.AuditTrail;
import io.quiver.gateway.auth.Gatekeeper;
import io.quiver.gateway.cache.HotResultCache;
import io.quiver.gateway.server.SoundDirectory;
import io.quiver.gateway.stream.QuestionObserver;
import io.quiver.gateway.stream.StreamDoor;
import io.quiver.gateway.stream.StreamParts;
import io.quiver.gateway.stream.StreamSettings;
import io.quiver.log.LocalLog;
import io.quiver.log.LogListener;
import io.quiver.log.LogSettings;
import io.quiver.log.RecordLimits;
import io.quiver.log.RecordWriter;
import io.quiver.log.WriteListener;
import io.quiver.log.catalog.SqliteCatalog;
import io.quiver.log.storage.DiskStorage;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import java.util.function.UnaryOperator;

/**
 * The API on real parts, all in this process: log, catalog, executor and the link to it, on a free port. Event loops
 * that are held up for {@link #BLOCKED_MAX} say so in the log, with the place.
 */
final class TestServer implements AutoCloseable {
    static final Duration BLOCKED_MAX = Duration.ofMillis(500);

    private static final long MEMORY_BYTES = 256L << 20;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Path directory;
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final ConcurrentLinkedQueue<Ended> ended = new ConcurrentLinkedQueue<>();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Admission admission;
    private final ChromaApi api;
    private final int port;
    private final IntSupplier watchCount;
    private final IntSupplier searching;
    private volatile boolean isReady = true;

    /** What the observer was told. */
    record Ended(String method, String template, int status) {}

    /** How a server differs from the usual one. */
    record Options(
            ApiSettings settings,
            AdmissionSettings admission,
            UnaryOperator<QueryExecutor> executor,
            StreamSettings streams) {
        static final Options DEFAULT = new Options(
                settings(Duration.ofSeconds(10), AllowedOrigins.NONE),
                AdmissionSettings.DEFAULT,
                UnaryOperator.identity(),
                StreamSettings.DEFAULT);

        static ApiSettings settings(Duration stallMax, AllowedOrigins origins) {
            return new ApiSettings(
                    "1.2.3",
                    true,
                    RequestLimits.DEFAULT,
                    List.of(),
                    1 << 20,
                    64 << 20,
                    Duration.ofSeconds(20),
                    BodyPace.DEFAULT,
                    stallMax,
                    origins);
        }

        Options with(ApiSettings other) {
            return new Options(other, admission, executor, streams);
        }

        Options with(AdmissionSettings other) {
            return new Options(settings, other, executor, streams);
        }

        /** Puts something between the API and the link to the executor. */
        Options with(UnaryOperator<QueryExecutor> other) {
            return new Options(settings, admission, other, streams);
        }

        Options with(StreamSettings other) {
            return new Options(settings, admission, executor, other);
        }
    }

    private TestServer(Path directory, Options options) throws IOException {
        this.directory = directory;
        try {
            DiskStorage storage = DiskStorage.open(directory);
            LocalLog log =
                    own(LocalLog.open(storage, "log", LogSettings.DEFAULT.withFileBytes(4 << 20), LogListener.NONE));
            SqliteCatalog catalog = own(SqliteCatalog.open(directory));
            OffHeapBudget budget = new OffHeapBudget(MEMORY_BYTES);
            LocalExecutor local = own(LocalExecutor.open(
                    ExecutorSettings.DEFAULT, log, catalog, new LocalSegmentStore(storage, budget), budget));
            local.caughtUp().block(PATIENCE);
            InProcessLink link = own(InProcessLink.to(local));
            QueryExecutor executor = options.executor.apply(link);
            this.admission = Admission.create(options.admission, meters);
            PaidSearches searches = new PaidSearches(admission, catalog);
            FlightMemory memory = own(FlightMemory.limitedTo(MEMORY_BYTES));
            HitsStream arrow = own(new HitsStream(memory));
            ApiParts parts = new ApiParts(
                    catalog,
                    new RecordWriter(
                            catalog, log, local, RecordLimits.DEFAULT, local, new Bm25Fields(), WriteListener.NONE),
                    executor,
                    log,
                    local,
                    local,
                    Gatekeeper.OPEN,
                    AuditTrail.NONE,
                    Snapshots.NONE,
                    admission,
                    searches,
                    new HotResultCache(1 << 20, meters),
                    arrow,
                    (method, template, status, _, _) -> ended.add(new Ended(method, template, status)),
                    () -> isReady,
                    options.settings);
            Vertx vertx = Vertx.vertx(new VertxOptions()
                    .setMaxEventLoopExecuteTime(BLOCKED_MAX.toMillis())
                    .setMaxEventLoopExecuteTimeUnit(TimeUnit.MILLISECONDS)
                    .setWarningExceptionTime(BLOCKED_MAX.toMillis())
                    .setWarningExceptionTimeUnit(TimeUnit.MILLISECONDS)
                    .setBlockedThreadCheckInterval(100));
            opened.push(() -> await(vertx.close()));
            StreamDoor streams = new StreamDoor(
                    vertx,
                    new StreamParts(
                            catalog,
                            executor,
                            local,
                            admission,
                            searches,
                            own(new VectorsStream(memory)),
                            arrow,
                            RequestLimits.DEFAULT,
                            options.streams,
                            QuestionObserver.NONE),
                    meters);
            this.api = own(new ChromaApi(
                    vertx,
                    parts,
                    streams,
                    Map.of("/healthz", request -> request.response().end("hooked"))));
            HttpServer http = await(vertx.createHttpServer(new HttpServerOptions()
                            .setHost("localhost")
                            .setPort(0)
                            .setHttp2ClearTextEnabled(true)
                            .setWebSocketClosingTimeout(1)
                            .setMaxWebSocketFrameSize(options.streams.messageBytesMax())
                            .setMaxWebSocketMessageSize(options.streams.messageBytesMax()))
                    .requestHandler(api)
                    .listen());
            this.port = http.actualPort();
            this.watchCount = local::watchCount;
            this.searching = () -> local.stats().searching() + local.stats().searchQueueLength();
            own(streams);
        } catch (Throwable failure) {
            close();
            throw failure;
        }
    }

    static TestServer start(Path directory) {
        return start(directory, Options.DEFAULT);
    }

    static TestServer start(Path directory, Options options) {
        try {
            return new TestServer(directory, options);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private <T extends AutoCloseable> T own(T part) {
        opened.push(part);
        return part;
    }

    int port() {
        return port;
    }

    /** Says of itself from now on that it would answer a query, or not. */
    void isReady(boolean truth) {
        isReady = truth;
    }

    ChromaApi api() {
        return api;
    }

    /** A client of this server. */
    TestClient client() {
        return new TestClient(port);
    }

    double metric(String name, String tag, String value) {
        Counter counter = meters.find(name).tag(tag, value).counter();
        return counter == null ? 0 : counter.count();
    }

    Admission admission() {
        return admission;
    }

    int inFlight() {
        return (int) meters.get("quiver.inflight").gauge().value();
    }

    int watchCount() {
        return watchCount.getAsInt();
    }

    /** Search threads at work, and what waits for them. */
    int searching() {
        return searching.getAsInt();
    }

    int streams() {
        return (int) meters.get("quiver.stream.connections").gauge().value();
    }

    /** Bytes that wait for callers of streams. */
    double buffered() {
        return meters.get("quiver.stream.buffered.bytes").gauge().value();
    }

    Iterable<Ended> ended() {
        return ended;
    }

    /** Waits for what happens on other threads. */
    static void eventually(BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("in vain for " + PATIENCE);
            }
            Thread.onSpinWait();
        }
    }

    private static <T> T await(Future<T> future) {
        return future.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .join();
    }

    @Override
    public void close() {
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (Exception e) {
                throw new IllegalStateException("a part of the server did not close", e);
            }
        }
        SoundDirectory.require(directory);
    }
}
