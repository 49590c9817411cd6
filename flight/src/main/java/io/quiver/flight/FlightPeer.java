package io.quiver.flight;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.netty.NettyChannelBuilder;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightGrpcUtils;
import org.apache.arrow.memory.BufferAllocator;

/**
 * A way to a Flight service at an address. Connects when first used and again when the connection was lost.
 *
 * <p>Callbacks run on the transport's threads and must not wait.
 */
public final class FlightPeer implements AutoCloseable {
    private final FlightClient client;

    private FlightPeer(FlightClient client) {
        this.client = client;
    }

    /** {@code onReady} runs each time a stream to the service has room again, which Arrow's own client does not tell. */
    public static FlightPeer at(FlightAddress address, BufferAllocator allocator, Runnable onReady) {
        ManagedChannelBuilder<?> channel = channel(address)
                .directExecutor()
                .maxInboundMessageSize(FlightHost.MESSAGE_BYTES_MAX)
                .intercept(new ReadySignal(onReady));
        return new FlightPeer(FlightGrpcUtils.createFlightClient(allocator, channel.build()));
    }

    public FlightClient client() {
        return client;
    }

    /** Waits for the open calls, which the caller has cancelled. */
    @Override
    public void close() {
        try {
            client.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static ManagedChannelBuilder<?> channel(FlightAddress address) {
        return switch (address) {
            case FlightAddress.InProcess(String name) -> InProcessChannelBuilder.forName(name);
            case FlightAddress.Tcp(String host, int port) ->
                NettyChannelBuilder.forAddress(host, port).usePlaintext();
        };
    }

    private record ReadySignal(Runnable onReady) implements ClientInterceptor {
        @Override
        public <Q, R> ClientCall<Q, R> interceptCall(MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
            CallOptions bounded = options.withOnReadyThreshold(CallGuard.ON_READY_BYTES);
            return new SimpleForwardingClientCall<>(next.newCall(method, bounded)) {
                @Override
                public void start(Listener<R> listener, Metadata headers) {
                    super.start(signalling(listener), headers);
                }
            };
        }

        private <R> ClientCall.Listener<R> signalling(ClientCall.Listener<R> listener) {
            return new SimpleForwardingClientCallListener<>(listener) {
                @Override
                public void onReady() {
                    super.onReady();
                    onReady.run();
                }
            };
        }
    }
}
