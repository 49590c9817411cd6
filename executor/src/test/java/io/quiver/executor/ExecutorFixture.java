package io.quiver.executor;

import io.quiver.executor.query.Consistency;
import io.quiver.executor.query.Deadline;
import io.quiver.executor.query.Filter;
import io.quiver.executor.query.Hits;
import io.quiver.executor.query.Projection;
import io.quiver.executor.query.Query;
import io.quiver.executor.segment.LocalSegmentStore;
import io.quiver.executor.segment.OffHeapBudget;
import io.quiver.executor.segment.SegmentStore;
import io.quiver.log.LocalLog;
import io.quiver.log.LogListener;
import io.quiver.log.LogPacing;
import io.quiver.log.LogSettings;
import io.quiver.log.catalog.Collection;
import io.quiver.log.catalog.Database;
import io.quiver.log.catalog.NewCollection;
import io.quiver.log.catalog.Space;
import io.quiver.log.catalog.SqliteCatalog;
import io.quiver.log.catalog.Tenant;
import io.quiver.log.record.CollectionId;
import io.quiver.log.record.Embedding;
import io.quiver.log.record.LogOffset;
import io.quiver.log.record.Metadata;
import io.quiver.log.record.MetadataPatch;
import io.quiver.log.record.Operation;
import io.quiver.log.record.RecordPatch;
import io.quiver.log.record.VectorRecord;
import io.quiver.log.storage.DiskStorage;
import io.quiver.log.storage.Storage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** An executor on real parts, in a directory of the test; what it opened it closes. */
public final class ExecutorFixture implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long OFF_HEAP_BYTES = 1L << 30;
    private static final LogSettings LOG =
            LogSettings.DEFAULT.withFileBytes(64 << 10).withHealEvery(Duration.ofMillis(2));

    public final Storage storage;
    public final LocalLog log;
    public final SqliteCatalog catalog;
    public final SegmentStore store;
    public final OffHeapBudget budget = new OffHeapBudget(OFF_HEAP_BYTES);
    public final LocalExecutor executor;

    private ExecutorFixture(
            Storage storage, LocalLog log, Path catalogDirectory, ExecutorSettings settings, Supplier<UUID> names)
            throws IOException {
        this.storage = storage;
        this.log = log;
        this.catalog = SqliteCatalog.open(catalogDirectory);
        this.store = new LocalSegmentStore(storage, budget, names);
        this.executor = LocalExecutor.open(settings, log, catalog, store, budget);
    }

    public static ExecutorFixture open(Path directory, ExecutorSettings settings) throws IOException {
        return open(DiskStorage.open(directory), directory, settings).caughtUp();
    }

    /** On another storage, with the catalog in a directory. */
    public static ExecutorFixture open(Storage storage, Path catalogDirectory, ExecutorSettings settings)
            throws IOException {
        LocalLog log = LocalLog.open(storage, "log", LOG, LogListener.NONE);
        return new ExecutorFixture(storage, log, catalogDirectory, settings, UUID::randomUUID);
    }

    /**
     * As {@link #open(Storage, Path, ExecutorSettings)}, with a log at the caller's pace and the caller's names of
     * segments.
     */
    public static ExecutorFixture open(
            Storage storage,
            Path catalogDirectory,
            ExecutorSettings settings,
            LogListener listener,
            LogPacing pacing,
            Supplier<UUID> names)
            throws IOException {
        LocalLog log = LocalLog.open(storage, "log", LOG, listener, pacing);
        return new ExecutorFixture(storage, log, catalogDirectory, settings, names);
    }

    /** Deltas of a few rows, so that they roll often. */
    public static ExecutorSettings smallDeltas(int rows) {
        return ExecutorSettings.DEFAULT.withSearchThreads(2).withDeltaMax(rows, 1 << 20);
    }

    public ExecutorFixture caughtUp() {
        executor.caughtUp().block(PATIENCE);
        return this;
    }

    public CollectionId create(String name) {
        return create(name, Space.L2);
    }

    public CollectionId create(String name, Space space) {
        NewCollection fresh = NewCollection.of(Tenant.DEFAULT, Database.DEFAULT, name, space);
        return some(catalog.createCollection(fresh, false).block(PATIENCE)).id();
    }

    public Collection collection(CollectionId id) {
        return some(catalog.collection(id).block(PATIENCE));
    }

    public void drop(CollectionId id) {
        Collection collection = collection(id);
        catalog.deleteCollection(collection.tenant(), collection.database(), collection.name())
                .block(PATIENCE);
    }

    /** Writes one batch and waits until it is visible. */
    public LogOffset write(CollectionId id, List<Operation> operations) {
        for (Operation operation : operations) {
            Embedding embedding = embedding(operation);
            if (embedding != null) {
                catalog.fixDimension(id, embedding.dimension()).block(PATIENCE);
            }
        }
        LogOffset offset = some(log.append(id, operations).block(PATIENCE));
        executor.awaitApplied(id, offset).block(PATIENCE);
        return offset;
    }

    public LogOffset write(CollectionId id, Operation... operations) {
        return write(id, List.of(operations));
    }

    private static @Nullable Embedding embedding(Operation operation) {
        return switch (operation) {
            case Operation.Add(var record) -> record.embedding();
            case Operation.Upsert upsert -> upsert.embedding();
            case Operation.Update _, Operation.Delete _ -> null;
        };
    }

    public static Operation add(String id, float... embedding) {
        return new Operation.Add(new VectorRecord(id, Embedding.of(embedding), null, null, Metadata.EMPTY));
    }

    public static Operation upsert(String id, float... embedding) {
        return new Operation.Upsert(new RecordPatch(id, Embedding.of(embedding), null, null, MetadataPatch.NONE));
    }

    public static Operation update(String id, String document) {
        return new Operation.Update(new RecordPatch(id, null, document, null, MetadataPatch.NONE));
    }

    public static Operation delete(String id) {
        return new Operation.Delete(id);
    }

    public Hits one(Query query) {
        return all(List.of(query)).getFirst();
    }

    public List<Hits> all(List<Query> queries) {
        return some(executor.execute(queries).block(PATIENCE));
    }

    /** Files below the storage's root, by their paths. */
    public List<String> files(String directory) throws IOException {
        List<String> files = new ArrayList<>();
        for (String name : storage.list(directory)) {
            String path = directory + "/" + name;
            List<String> below = files(path);
            files.addAll(below.isEmpty() ? List.of(path) : below);
        }
        return files;
    }

    public List<String> ids(CollectionId id) {
        return one(scan(id)).ids();
    }

    public long count(CollectionId id) {
        return one(new Query.Count(id, Filter.ALL, Consistency.STRONG, soon())).total();
    }

    public static Query.Scan scan(CollectionId id) {
        return scan(id, 0, Integer.MAX_VALUE, Filter.ALL);
    }

    public static Query.Scan scan(CollectionId id, long skip, int limit, Filter filter) {
        return new Query.Scan(id, skip, limit, filter, Projection.EVERYTHING, Consistency.STRONG, soon());
    }

    public static Query.Nearest nearest(CollectionId id, int k, float... embedding) {
        return nearest(id, k, Filter.ALL, embedding);
    }

    public static Query.Nearest nearest(CollectionId id, int k, Filter filter, float... embedding) {
        return new Query.Nearest(
                id, Embedding.of(embedding), k, filter, Projection.EVERYTHING, Consistency.STRONG, soon());
    }

    /** The same question about another state. */
    public static Query with(Query query, Consistency consistency) {
        return switch (query) {
            case Query.Nearest asked ->
                new Query.Nearest(
                        asked.collection(),
                        asked.embedding(),
                        asked.k(),
                        asked.filter(),
                        asked.projection(),
                        consistency,
                        asked.deadline());
            case Query.Scan asked ->
                new Query.Scan(
                        asked.collection(),
                        asked.skip(),
                        asked.limit(),
                        asked.filter(),
                        asked.projection(),
                        consistency,
                        asked.deadline());
            case Query.Count asked ->
                new Query.Count(asked.collection(), asked.filter(), consistency, asked.deadline());
            case Query.Search asked ->
                new Query.Search(
                        asked.collection(),
                        asked.rank(),
                        asked.groupBy(),
                        asked.skip(),
                        asked.limit(),
                        asked.filter(),
                        asked.projection(),
                        consistency,
                        asked.deadline());
        };
    }

    public static Filter ids(String... ids) {
        return new Filter.Ids(new HashSet<>(List.of(ids)));
    }

    public static Deadline soon() {
        return Deadline.after(PATIENCE);
    }

    private static <T> T some(@Nullable T value) {
        return Objects.requireNonNull(value);
    }

    @Override
    public void close() {
        executor.close();
        catalog.close();
        log.close();
    }
}
