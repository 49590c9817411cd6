package io.quiver.gateway.server;

import io.quiver.gateway.admission.Admission;
import io.quiver.gateway.server.configuration.ServerConfiguration;
import io.quiver.log.storage.DiskStorage;
import java.net.URI;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One process: everything on one data directory. Parts are opened from the disk upwards, the doors last, and closed in
 * the opposite order; a start that fails leaves nothing open.
 *
 * <p>{@link #start} and {@link #stop} block and belong to one thread each.
 */
final class QuiverServer {
    private static final Logger LOG = LoggerFactory.getLogger(QuiverServer.class);

    /** How often who waits for requests, or for a graph, looks again. */
    private static final Duration LOOK_EVERY = Duration.ofMillis(5);

    /** A training run that has no graph by then leaves graphs out. */
    private static final Duration GRAPH_WAIT_MAX = Duration.ofSeconds(5);

    /** Fewer are applied by a start in less time than it takes to open a segment more. */
    private static final long FOLDED_AT_END_MIN = 10_000;

    /** With what requests and calls are given to finish, an end takes ten seconds at most. */
    private static final Duration FOLD_AT_END_MAX = Duration.ofMillis(1_500);

    private final ServerConfiguration configuration;
    private final OpenParts parts;
    private final Readiness readiness;
    private final Admission admission;
    private final Engine engine;
    private final Doors doors;

    private QuiverServer(
            ServerConfiguration configuration,
            OpenParts parts,
            Readiness readiness,
            Admission admission,
            Engine engine,
            Doors doors) {
        this.configuration = configuration;
        this.parts = parts;
        this.readiness = readiness;
        this.admission = admission;
        this.engine = engine;
        this.doors = doors;
    }

    /** Returns when requests are answered; throws {@link StartException} for what the operator can change. */
    static QuiverServer start(ServerConfiguration configuration) {
        return start(configuration, DiskStorage::open);
    }

    static QuiverServer start(ServerConfiguration configuration, StorageOpener storage) {
        var parts = new OpenParts();
        KernelStart.check();
        KernelStart.begin();
        try {
            ServerMeters meters = parts.add("meters", new ServerMeters());
            Admission admission = Admission.create(configuration.admission(), meters.registry());
            meters.registry()
                    .getPrometheusRegistry()
                    .register(new TenantMeters(admission, configuration.tenantsNamed()));
            Engine engine = Engine.open(configuration, storage, meters, parts);
            var readiness = new Readiness(
                    engine.executor()::damaged,
                    engine.log()::failure,
                    engine.catalog()::mended,
                    engine.catalog()::damaged);
            new StateMeters(readiness).bindTo(meters.registry());
            Doors doors = Doors.open(configuration, engine, admission, readiness, meters, parts);
            KernelStart.await();
            readiness.enter(Readiness.State.READY);
            engine.compactor().startGraphs();
            return new QuiverServer(configuration, parts, readiness, admission, engine, doors);
        } catch (Throwable failure) {
            parts.close();
            throw failure;
        }
    }

    URI http() {
        return doors.http();
    }

    URI flight() {
        return doors.flight();
    }

    /** Folds what every collection has in memory; returns when there is a graph, or soon without one. */
    void compact() throws InterruptedException {
        engine.catalog()
                .allCollections()
                .flatMapIterable(all -> all)
                .concatMap(collection -> engine.compactor().compactNow(collection.id()))
                .blockLast();
        long deadline = System.nanoTime() + GRAPH_WAIT_MAX.toNanos();
        while (engine.compactor().stats().graphs().built() == 0 && System.nanoTime() - deadline < 0) {
            Thread.sleep(LOOK_EVERY); // the compactor tells nobody of a graph, and only a training run waits for one
        }
    }

    /**
     * Refuses what is new, lets what is under way finish for a while, folds what the next start would have to apply, then
     * closes everything. What was acknowledged is durable already.
     *
     * @return whether everything was closed as it should be
     */
    boolean stop() {
        LOG.info("Ending: {} requests are under way", admission.inFlight());
        readiness.enter(Readiness.State.DRAINING);
        admission.drain();
        awaitIdle();
        if (admission.inFlight() == 0) {
            engine.compactor().foldBeforeEnd(FOLDED_AT_END_MIN, FOLD_AT_END_MAX);
        }
        parts.close();
        LOG.info("Ended");
        return !parts.hasFailed();
    }

    private void awaitIdle() {
        long deadline = System.nanoTime() + configuration.drainTimeout().toNanos();
        try {
            while (admission.inFlight() > 0 && System.nanoTime() - deadline < 0) {
                Thread.sleep(LOOK_EVERY); // once in the life of a server: no request tells of its end for this
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (admission.inFlight() > 0) {
            LOG.warn("{} requests did not end in time and are cut off", admission.inFlight());
        }
    }
}
