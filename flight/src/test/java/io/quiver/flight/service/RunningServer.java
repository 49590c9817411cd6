package io.quiver.flight.service;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.quiver.executor.ExecutorSettings;
import io.quiver.executor.LocalExecutor;
import io.quiver.executor.query.QueryLimits;
import io.quiver.executor.segment.LocalSegmentStore;
import io.quiver.executor.segment.OffHeapBudget;
import io.quiver.executor.text.Bm25Fields;
import io.quiver.flight.FlightAddress;
import io.quiver.flight.FlightLimits;
import io.quiver.flight.FlightMemory;
import io.quiver.flight.FlightPort;
import io.quiver.flight.link.InProcessLink;
import io.quiver.log.LocalLog;
import io.quiver.log.LogListener;
import io.quiver.log.LogSettings;
import io.quiver.log.RecordLimits;
import io.quiver.log.RecordWriter;
import io.quiver.log.WriteListener;
import io.quiver.log.catalog.Collection;
import io.quiver.log.catalog.Database;
import io.quiver.log.catalog.NewCollection;
import io.quiver.log.catalog.Space;
import io.quiver.log.catalog.SqliteCatalog;
import io.quiver.log.catalog.Tenant;
import io.quiver.log.storage.DiskStorage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.Location;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/**
 * A whole server on one directory, with a Flight client that is not ours. Everything given back is checked at closing.
 */
@SuppressWarnings("try") // closing waits, and may be interrupted
final class RunningServer implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long LOG_FILE_BYTES = 256 << 10;

    final SqliteCatalog catalog;
    final LocalLog log;
    final LocalExecutor executor;
    final FlightMemory memory = FlightMemory.limitedTo(512L << 20);
    final InProcessLink link;
    final QuiverFlightServer flight;
    final BufferAllocator allocator = new RootAllocator(512L << 20);
    final FlightClient client;
    private boolean isStopped;

    RunningServer(Path directory, Duration drain, RecordLimits limits) throws IOException {
        OffHeapBudget budget = new OffHeapBudget(1L << 30);
        DiskStorage storage = DiskStorage.open(directory);
        catalog = SqliteCatalog.open(directory);
        log = LocalLog.open(storage, "log", LogSettings.DEFAULT.withFileBytes(LOG_FILE_BYTES), LogListener.NONE);
        executor = LocalExecutor.open(
                ExecutorSettings.DEFAULT, log, catalog, new LocalSegmentStore(storage, budget), budget);
        link = InProcessLink.to(executor);
        RecordWriter writer =
                new RecordWriter(catalog, log, link, limits, executor, new Bm25Fields(), WriteListener.NONE);
        flight = QuiverFlightServer.start(
                FlightPort.open(new FlightAddress.Tcp("127.0.0.1", 0), FlightLimits.DEFAULT, drain),
                catalog,
                log,
                writer,
                WriteTurns.FREE,
                ReadTurns.free(link),
                new SealingMaintenance(executor),
                memory,
                QueryLimits.HIGHEST);
        client = FlightClient.builder(allocator, Location.forGrpcInsecure("127.0.0.1", flight.port()))
                .build();
    }

    Collection create(String name) {
        NewCollection wanted = NewCollection.of(Tenant.DEFAULT, Database.DEFAULT, name, Space.L2);
        return Objects.requireNonNull(catalog.createCollection(wanted, false).block(PATIENCE));
    }

    /** One whose schema says something. */
    Collection create(String name, String schemaJson) throws IOException {
        NewCollection wanted = NewCollection.read(
                Tenant.DEFAULT, Database.DEFAULT, name, null, new ObjectMapper().readTree(schemaJson), null);
        return Objects.requireNonNull(catalog.createCollection(wanted, false).block(PATIENCE));
    }

    /** Stops the Flight server alone. */
    void stop() {
        if (!isStopped) {
            isStopped = true;
            flight.close();
        }
    }

    @Override
    public void close() throws InterruptedException {
        client.close();
        allocator.close();
        stop();
        link.close();
        memory.close();
        executor.close();
        log.close();
        catalog.close();
    }
}
