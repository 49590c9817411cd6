package io.quiver.flight.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.inprocess.InProcessChannelBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightClient.ExchangeReaderWriter;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.FlightGrpcUtils;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A search of one batch as it goes over the wire, made once and sent as often as wanted. Immutable.
 *
 * @param messages of the call, in their order
 */
public record RecordedCall(List<byte[]> messages) {
    private static final String VECTOR = "vector";

    public RecordedCall {
        messages = List.copyOf(messages);
    }

    /**
     * Writes a {@code DoExchange} to nobody.
     *
     * @param json what is asked, by {@code docs/flight.md}
     * @param values of all queries, one after the other
     */
    public static RecordedCall of(String json, float[] values, int dimension) {
        Recording recording = new Recording();
        ManagedChannel nobody =
                InProcessChannelBuilder.forName("nobody").intercept(recording).build();
        try (BufferAllocator allocator = new RootAllocator();
                VectorSchemaRoot root = VectorSchemaRoot.create(
                        new Schema(List.of(VectorColumn.field(VECTOR, dimension))), allocator)) {
            FlightClient client = FlightGrpcUtils.createFlightClient(allocator, nobody);
            ExchangeReaderWriter exchange = client.doExchange(FlightDescriptor.command(json.getBytes(UTF_8)));
            exchange.getWriter().start(root);
            int count = values.length / dimension;
            VectorColumn.fill((FixedSizeListVector) root.getVector(VECTOR), values, 0, count, dimension);
            root.setRowCount(count);
            exchange.getWriter().putNext();
            exchange.getWriter().completed();
            exchange.close();
            client.close();
        } catch (Exception failure) {
            throw new IllegalStateException("the call could not be written", failure);
        }
        return new RecordedCall(recording.messages);
    }

    /** Keeps what is sent, and ends the call when the caller has sent everything. */
    private static final class Recording implements ClientInterceptor {
        private final List<byte[]> messages = new ArrayList<>();

        @Override
        public <Q, R> ClientCall<Q, R> interceptCall(MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
            return new ClientCall<>() {
                private @Nullable Listener<R> caller;

                @Override
                public void start(Listener<R> listener, Metadata headers) {
                    caller = listener;
                }

                @Override
                public boolean isReady() {
                    return true;
                }

                @Override
                public void sendMessage(Q message) {
                    try (InputStream bytes = method.streamRequest(message)) {
                        messages.add(bytes.readAllBytes());
                    } catch (IOException failure) {
                        throw new UncheckedIOException(failure);
                    }
                }

                @Override
                public void halfClose() {
                    if (caller != null) {
                        caller.onClose(Status.OK, new Metadata());
                    }
                }

                @Override
                public void request(int numMessages) {
                    // nobody answers
                }

                @Override
                public void cancel(@Nullable String message, @Nullable Throwable cause) {
                    // it has ended
                }
            };
        }
    }
}
