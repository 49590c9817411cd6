package io.quiver.flight.service;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.quiver.flight.FlightErrors;
import io.quiver.flight.StreamGate;
import io.quiver.log.catalog.Collection;
import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.LogOffset;
import io.quiver.log.record.Operation;
import io.quiver.log.record.QuiverException;
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
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * One {@code DoPut}: each batch is one atomic entry of the log, acknowledged with its offset. A bad batch ends the
 * stream; what was acknowledged before stays.
 */
final class BulkLoad {
    private final CollectionFinder collections;
    private final BatchWriter writer;
    private final BufferAllocator allocator;
    private final StreamGate gate;
    private final FlightStream upload;
    private final StreamListener<PutResult> acknowledgements;
    private final LoadWindow window;
    private @Nullable Integer dimension;

    BulkLoad(
            CollectionFinder collections,
            BatchWriter writer,
            BufferAllocator allocator,
            StreamGate gate,
            FlightStream upload,
            StreamListener<PutResult> acknowledgements) {
        this.collections = collections;
        this.writer = writer;
        this.allocator = allocator;
        this.gate = gate;
        this.upload = upload;
        this.acknowledgements = acknowledgements;
        this.window = new LoadWindow(gate, this::acknowledge);
    }

    void run() {
        try {
            load();
            window.awaitAll();
            checkWrites();
            acknowledgements.onCompleted();
        } catch (RuntimeException e) {
            fail(e);
        }
    }

    private void load() {
        FlightDescriptor descriptor = gate.descriptor(upload);
        Target target = target(descriptor);
        dimension = target.collection.dimension();
        while (upload.next()) {
            checkWrites();
            gate.awaitReady();
            write(target);
        }
    }

    private void write(Target target) {
        VectorSchemaRoot batch = upload.getRoot();
        List<Operation> operations = RecordReader.read(batch, target.kind, dimension);
        if (operations.isEmpty()) {
            window.submit(Mono.just(LogOffset.NONE), 0, 0);
            return;
        }
        dimension = RecordReader.dimension(operations.getFirst());
        window.submit(writer.write(target.collection, operations), operations.size(), sizeBytes(batch));
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

    private void acknowledge(LogOffset offset, int rows) {
        byte[] json = Command.write(JsonNodeFactory.instance
                .objectNode()
                .put("offset", offset.value())
                .put("rows", rows));
        ArrowBuf buffer = allocator.buffer(json.length);
        buffer.writeBytes(json);
        try (PutResult result = PutResult.metadata(buffer)) {
            acknowledgements.onNext(result);
        }
    }

    private record Target(Collection collection, RecordReader.Kind kind) {}

    private Target target(FlightDescriptor descriptor) {
        if (!descriptor.isCommand()) {
            return new Target(gate.await(collections.find(descriptor)), RecordReader.Kind.UPSERT);
        }
        Command command = Command.read(descriptor.getCommand(), "tenant", "database", "collection", "operation");
        return new Target(gate.await(collections.find(command)), kind(command.text("operation", "upsert")));
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
