package io.quiver.log;

import io.quiver.log.catalog.Catalog;
import io.quiver.log.catalog.Collection;
import io.quiver.log.record.Embedding;
import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.LogOffset;
import io.quiver.log.record.MetadataValue;
import io.quiver.log.record.Operation;
import io.quiver.log.record.QuiverException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * The one way of a write: checks it completely, adds the fields that the server makes, tells the catalog what is new,
 * asks the readers for room, appends, and waits until every query sees it.
 *
 * <p>Safe on every thread. Checks and encoding run where the result is subscribed to and never wait. Fields are made on
 * one thread of their own, for reading texts takes long; so writes of a collection stay in order. The result comes on a
 * thread of the log or of the readers.
 */
public final class RecordWriter {
    private static final Duration RETRY_WHEN_BUSY = Duration.ofMillis(100);

    private final Catalog catalog;
    private final Log log;
    private final Readers readers;
    private final RecordRules rules;
    private final long inFlightBytesMax;
    private final DerivedFields derived;
    private final WriteListener listener;
    private final RecordQuotas quotas;
    private final AtomicLong inFlightBytes = new AtomicLong();
    private final NotedKeys notedKeys = new NotedKeys();

    public RecordWriter(Catalog catalog, Log log, Readers readers, RecordLimits limits) {
        this(catalog, log, readers, limits, _ -> Usages.Usage.NOTHING, DerivedFields.NONE, WriteListener.NONE);
    }

    public RecordWriter(
            Catalog catalog,
            Log log,
            Readers readers,
            RecordLimits limits,
            Usages usages,
            DerivedFields derived,
            WriteListener listener) {
        this.catalog = catalog;
        this.log = log;
        this.readers = readers;
        this.rules = new RecordRules(limits);
        this.inFlightBytesMax = limits.inFlightBytesMax();
        this.derived = derived;
        this.listener = listener;
        this.quotas = new RecordQuotas(catalog, readers, usages);
    }

    /**
     * Throws where the collection would not take an operation, whatever else is in its batch; the reason names its
     * index.
     */
    public void check(Collection collection, Operation operation, int index) {
        rules.check(collection, operation, index);
    }

    /**
     * Writes one atomic batch; completes with its offset once it is durable and visible. Nothing to write is done at
     * once. Refused with {@code INVALID_ARGUMENT} where the collection does not take it, {@code QUOTA_EXCEEDED} where
     * it would exceed a quota, {@code BACKOFF} where too much is under way, and whatever the catalog, the readers and
     * the log refuse.
     */
    public Mono<LogOffset> write(Collection collection, List<Operation> operations) {
        return operations.isEmpty()
                ? Mono.fromSupplier(() -> log.head(collection.id()))
                : write(collection, operations, batch -> log.append(collection.id(), batch));
    }

    /**
     * As {@link #write(Collection, List)}, if the condition holds at the very place in the log that the batch gets;
     * refused as {@link Log#append(io.quiver.log.record.CollectionId, List, Unchanged)} is. Where there is nothing to
     * write the condition is checked all the same.
     */
    public Mono<LogOffset> write(Collection collection, List<Operation> operations, Unchanged condition) {
        return operations.isEmpty()
                ? log.requireUnchanged(collection.id(), condition)
                        .then(Mono.fromSupplier(() -> log.head(collection.id())))
                : write(collection, operations, batch -> log.append(collection.id(), batch, condition));
    }

    private Mono<LogOffset> write(
            Collection collection, List<Operation> operations, Function<List<Operation>, Mono<LogOffset>> append) {
        List<Operation> given = List.copyOf(operations);
        return Mono.defer(() -> {
            long begin = System.nanoTime();
            rules.check(collection, given);
            long bytes = OperationCodec.estimateBytes(given);
            return Mono.using(
                            () -> acquire(bytes),
                            _ -> quotas.hold(
                                    collection,
                                    given,
                                    bytes,
                                    completed(collection, given)
                                            .flatMap(batch -> writeChecked(collection, batch, bytes, append))),
                            inFlightBytes::addAndGet)
                    .doOnSuccess(_ -> listener.acknowledged(given.size(), System.nanoTime() - begin));
        });
    }

    /** What is written for the operations given: what is added to them must keep to the rules too. */
    private Mono<List<Operation>> completed(Collection collection, List<Operation> given) {
        return derived.concern(collection)
                ? Mono.fromCallable(() -> derived.addTo(collection, given))
                        .doOnNext(batch -> rules.check(collection, batch))
                        .subscribeOn(Schedulers.single())
                : Mono.just(given);
    }

    /** Bytes of writes that are under way. */
    public long inFlightBytes() {
        return inFlightBytes.get();
    }

    private Mono<LogOffset> writeChecked(
            Collection collection,
            List<Operation> batch,
            long bytes,
            Function<List<Operation>, Mono<LogOffset>> append) {
        return fixDimension(collection, batch)
                .then(Mono.defer(() -> noteKeys(collection, batch)))
                .then(Mono.defer(() -> readers.admitWrite(collection.id(), bytes)))
                .then(Mono.defer(() -> append.apply(batch)))
                .flatMap(offset -> readers.awaitApplied(collection.id(), offset).thenReturn(offset));
    }

    /** Takes room for so many bytes; returns what gives it back when added. */
    private long acquire(long bytes) {
        long before = inFlightBytes.getAndAdd(bytes);
        if (before != 0 && before + bytes > inFlightBytesMax) {
            inFlightBytes.addAndGet(-bytes);
            throw new QuiverException(
                    ErrorCode.BACKOFF, "writes of %d bytes are under way already".formatted(before), RETRY_WHEN_BUSY);
        }
        return -bytes;
    }

    private Mono<Void> fixDimension(Collection collection, List<Operation> batch) {
        Embedding first = collection.dimension() == null ? RecordRules.firstEmbedding(batch) : null;
        return first == null
                ? Mono.empty()
                : catalog.fixDimension(collection.id(), first.dimension())
                        .doOnNext(fixed -> rules.checkDimension(fixed, first.dimension()))
                        .then();
    }

    private Mono<Void> noteKeys(Collection collection, List<Operation> batch) {
        List<Map<String, MetadataValue>> unknown = notedKeys.unknown(collection.id(), batch);
        return Flux.fromIterable(unknown)
                .concatMap(examples -> catalog.noteKeys(collection.id(), examples)
                        .doOnNext(_ -> notedKeys.note(collection.id(), examples)))
                .then();
    }
}
