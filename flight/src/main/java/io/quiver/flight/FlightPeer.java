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
import org.apache.arrow.flight.FlightClient.ExchangeReaderWriter;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.FlightGrpcUtils;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.memory.BufferAllocator;

/**
 * A way to an exchange with a Flight service at an address. Connects when first used and again when the connection was
 * lost.
 *
 * <p>Callbacks run on the transport's threads and must not wait.
 */
public final class FlightPeer implements AutoCloseable {
    private final FlightClient client;
    private final Exchanges exchanges;

    private FlightPeer(FlightClient client, Exchanges exchanges) {
        this.client = client;
        this.exchanges = exchanges;
    }

    /** {@code onReady} runs each time an exchange has room again, which Arrow's own client does not tell. */
    public static FlightPeer at(FlightAddress address, BufferAllocator allocator, Runnable onReady) {
        Exchanges exchanges = new Exchanges(onReady);
        ManagedChannelBuilder<?> channel = channel(address)
                .directExecutor()
                .maxInboundMessageSize(FlightLimits.MESSAGE_BYTES_MAX)
                .intercept(exchanges);
        return new FlightPeer(FlightGrpcUtils.createFlightClient(allocator, channel.build()), exchanges);
    }

    /** Begins an exchange; there may be one at a time. */
    public ExchangeReaderWriter exchange(FlightDescriptor descriptor) {
        return client.doExchange(descriptor);
    }

    /** Waits for the next batch of the exchange and loads it into the stream's root; false when there is none. */
    public boolean next(FlightStream stream) {
        boolean hasNext = stream.next();
        if (hasNext) {
            exchanges.window.taken();
        }
        return hasNext;
    }

    /** Waits for the open exchange, which the caller has cancelled. */
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

    /** Sees each exchange begin, and tells when it has room. */
    private static final class Exchanges implements ClientInterceptor {
        private final Runnable onReady;
        private volatile MessageWindow window = new MessageWindow(_ -> {});

        Exchanges(Runnable onReady) {
            this.onReady = onReady;
        }

        @Override
        public <Q, R> ClientCall<Q, R> interceptCall(MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
            CallOptions bounded = options.withOnReadyThreshold(CallGuard.ON_READY_BYTES);
            ClientCall<Q, R> call = next.newCall(method, bounded);
            return new SimpleForwardingClientCall<>(call) {
                @Override
                public void start(Listener<R> listener, Metadata headers) {
                    super.start(signalling(listener), headers);
                    window = new MessageWindow(call::request);
                    window.open();
                }

                @Override
                public void request(int numMessages) {
                    // the window requests
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
