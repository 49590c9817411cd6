package io.quiver.flight.service;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quiver.executor.query.Deadline;
import io.quiver.flight.FlightErrors;
import io.quiver.flight.Patience;
import io.quiver.flight.StreamGate;
import io.quiver.log.RecordWriter;
import io.quiver.log.catalog.Collection;
import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.LogOffset;
import io.quiver.log.record.Operation;
import io.quiver.log.record.QuiverException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.FlightProducer.StreamListener;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.PutResult;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import reactor.core.publisher.Mono;

/**
 * One {@code DoPut}: each batch is one atomic entry of the log, acknowledged with its number and offset. A bad row ends
 * the stream, or, where the caller says so, is left out and named in the acknowledgement; what was acknowledged before
 * stays. A caller whose stream broke goes on after the last batch acknowledged, and keeps its numbers.
 */
final class BulkLoad {
    private final CollectionFinder collections;
    private final RecordWriter writer;
    private final WriteTurns turns;
    private final Duration patience;
    private final BufferAllocator allocator;
    private final StreamGate gate;
    private final FlightStream upload;
    private final StreamListener<PutResult> acknowledgements;
    private final LoadWindow window;
    private long batchNumber;

    /** @param patience how long a batch may be put off before the upload is refused */
    BulkLoad(
            CollectionFinder collections,
            RecordWriter writer,
            WriteTurns turns,
            Duration patience,
            BufferAllocator allocator,
            StreamGate gate,
            FlightStream upload,
            StreamListener<PutResult> acknowledgements) {
        this.collections = collections;
        this.writer = writer;
        this.turns = turns;
        this.patience = patience;
        this.allocator = allocator;
        this.gate = gate;
        this.upload = upload;
        this.acknowledgements = acknowledgements;
        this.window = new LoadWindow(gate);
    }

    void run() {
        try {
            load();
            window.awaitAll();
            checkWrites();
            gate.refuseIfStopping();
            acknowledgements.onCompleted();
        } catch (RuntimeException e) {
            fail(e);
        }
    }

    private void load() {
        Target target = target(gate.descriptor(upload));
        batchNumber = target.firstBatch;
        while (gate.next(upload)) {
            checkWrites();
            gate.awaitReady();
            write(target);
            target = withDimension(target);
        }
    }

    private void write(Target target) {
        VectorSchemaRoot batch = upload.getRoot();
        RowFaults faults = new RowFaults(target.skipsFaults);
        List<Operation> operations =
                RecordReader.read(batch, target.kind, target.collection.dimension(), rule(target), faults);
        long number = batchNumber++;
        long bytes = sizeBytes(batch);
        Deadline deadline = Deadline.after(patience);
        gate.await(turns.paid(target.collection, bytes, deadline));
        window.submit(
                inTurn(target.collection, operations, deadline),
                operations,
                bytes,
                offset -> acknowledge(offset, number, operations.size(), faults));
    }

    /** Rows that are to be skipped must be found before the batch is written, the others are when it is. */
    private RecordReader.Rule rule(Target target) {
        return target.skipsFaults ? (operation, row) -> writer.check(target.collection, operation, row) : (_, _) -> {};
    }

    /** The first batch of a collection gives it its dimension, which all others are held to. */
    private Target withDimension(Target target) {
        if (target.collection.dimension() != null) {
            return target;
        }
        window.awaitAll();
        checkWrites();
        return target.of(gate.await(collections.find(target.collection)));
    }

    /** A batch for which there is no room just now gives its place to others until there is. */
    private Mono<LogOffset> inTurn(Collection collection, List<Operation> operations, Deadline deadline) {
        Mono<LogOffset> write = writer.write(collection, operations);
        return Patience.with(ErrorCode.BACKOFF, deadline, turns.inTurn(collection, deadline, write));
    }

    /** What was read before the failure is written and acknowledged before the caller learns of it. */
    private void fail(RuntimeException failure) {
        try {
            window.awaitAll();
        } catch (QuiverException gone) {
            failure.addSuppressed(gone);
        }
        acknowledgements.onError(FlightErrors.toFlight(failure));
    }

    private void checkWrites() {
        Throwable failure = window.failure();
        if (failure != null) {
            throw FlightErrors.toRefusal(failure);
        }
    }

    private void acknowledge(LogOffset offset, long number, int rows, RowFaults faults) {
        ObjectNode about = JsonNodeFactory.instance
                .objectNode()
                .put("offset", offset.value())
                .put("rows", rows)
                .put("batch", number);
        faults.writeTo(about);
        byte[] json = Command.write(about);
        ArrowBuf buffer = allocator.buffer(json.length);
        buffer.writeBytes(json);
        try (PutResult result = PutResult.metadata(buffer)) {
            acknowledgements.onNext(result);
        }
    }

    private record Target(Collection collection, RecordReader.Kind kind, boolean skipsFaults, long firstBatch) {
        Target of(Collection asItIsNow) {
            return new Target(asItIsNow, kind, skipsFaults, firstBatch);
        }
    }

    private Target target(FlightDescriptor descriptor) {
        if (!descriptor.isCommand()) {
            return new Target(gate.await(collections.find(descriptor)), RecordReader.Kind.UPSERT, false, 0);
        }
        Command command = Command.read(
                descriptor.getCommand(), "tenant", "database", "collection", "operation", "on_error", "first_batch");
        return new Target(
                gate.await(collections.find(command)),
                kind(command.text("operation", "upsert")),
                skipsFaults(command.text("on_error", "stop")),
                command.number("first_batch", 0, 0, Long.MAX_VALUE / 2));
    }

    private static boolean skipsFaults(String onError) {
        return switch (onError) {
            case "stop" -> false;
            case "skip" -> true;
            default -> throw QuiverException.invalid("'on_error' must be stop or skip, not " + onError);
        };
    }

    private static RecordReader.Kind kind(String operation) {
        return switch (operation.toLowerCase(Locale.ROOT)) {
            case "add" -> RecordReader.Kind.ADD;
            case "upsert" -> RecordReader.Kind.UPSERT;
            default ->
                throw new QuiverException(
                        ErrorCode.INVALID_ARGUMENT, "'operation' must be add or upsert, not " + operation);
        };
    }

    private static long sizeBytes(VectorSchemaRoot batch) {
        return batch.getFieldVectors().stream()
                .mapToLong(FieldVector::getBufferSize)
                .sum();
    }
}
