package io.quiver.loadtest.bulk;

import io.quiver.executor.ExecutorSettings;
import io.quiver.executor.LocalExecutor;
import io.quiver.executor.segment.LocalSegmentStore;
import io.quiver.executor.segment.OffHeapBudget;
import io.quiver.loadtest.data.DataSet;
import io.quiver.loadtest.index.CpuTime;
import io.quiver.log.LocalLog;
import io.quiver.log.LogListener;
import io.quiver.log.LogSettings;
import io.quiver.log.RecordLimits;
import io.quiver.log.RecordWriter;
import io.quiver.log.catalog.Collection;
import io.quiver.log.catalog.Database;
import io.quiver.log.catalog.NewCollection;
import io.quiver.log.catalog.SqliteCatalog;
import io.quiver.log.catalog.Tenant;
import io.quiver.log.record.Metadata;
import io.quiver.log.record.Operation;
import io.quiver.log.record.VectorRecord;
import io.quiver.log.storage.DiskStorage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Writes a data set into a log and the deltas that follow it, with as many batches under way as a load has. */
public final class LogAlone {
    private static final long OFF_HEAP_BYTES = 8L << 30;

    private final DataSet set;
    private final int batch;
    private final int underWay;

    /**
     * @param batch records a write has
     * @param underWay writes that are not acknowledged yet
     */
    public LogAlone(DataSet set, int batch, int underWay) {
        this.set = set;
        this.batch = batch;
        this.underWay = underWay;
    }

    /** Until the last write is acknowledged: durable, and seen by searches. */
    public Rate load(Path directory) throws IOException {
        OffHeapBudget budget = new OffHeapBudget(OFF_HEAP_BYTES);
        DiskStorage storage = DiskStorage.open(directory);
        try (SqliteCatalog catalog = SqliteCatalog.open(directory);
                LocalLog log = LocalLog.open(storage, "log", LogSettings.DEFAULT, LogListener.NONE);
                LocalExecutor executor = LocalExecutor.open(
                        ExecutorSettings.DEFAULT, log, catalog, new LocalSegmentStore(storage, budget), budget)) {
            RecordWriter writer = new RecordWriter(catalog, log, executor, RecordLimits.DEFAULT);
            NewCollection wanted = NewCollection.of(Tenant.DEFAULT, Database.DEFAULT, "alone", set.space());
            Collection collection = Objects.requireNonNull(
                    catalog.createCollection(wanted, false).block());
            double cpu = CpuTime.ofProcessSeconds();
            long begin = System.nanoTime();
            Flux.range(0, Math.ceilDiv(set.base().count(), batch))
                    .flatMap(number -> Mono.defer(() -> writer.write(collection, operations(number * batch))), underWay)
                    .blockLast();
            return Rate.since(
                    begin, CpuTime.ofProcessSeconds() - cpu, set.base().count());
        }
    }

    private List<Operation> operations(int from) {
        int to = Math.min(from + batch, set.base().count());
        List<Operation> operations = new ArrayList<>(to - from);
        IntStream.range(from, to)
                .forEach(row -> operations.add(new Operation.Add(
                        new VectorRecord(Integer.toString(row), set.base().get(row), null, null, Metadata.EMPTY))));
        return operations;
    }
}
