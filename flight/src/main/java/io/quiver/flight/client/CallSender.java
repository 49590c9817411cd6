package io.quiver.flight.client;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.quiver.flight.FlightErrors;
import io.quiver.log.record.QuiverException;
import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.arrow.flight.grpc.StatusUtils;
import org.jspecify.annotations.Nullable;

/**
 * Sends recorded calls without waiting for their answers, which it reads and does not look at.
 *
 * <p>Safe on every thread. What is told of ends runs on the transport's threads and must not wait.
 */
public final class CallSender implements Closeable {
    private static final MethodDescriptor<byte[], Integer> EXCHANGE = MethodDescriptor.<byte[], Integer>newBuilder()
            .setType(MethodType.BIDI_STREAMING)
            .setFullMethodName("arrow.flight.protocol.FlightService/DoExchange")
            .setRequestMarshaller(new Bytes())
            .setResponseMarshaller(new Unread())
            .build();

    private static final int CLOSE_SECONDS_MAX = 5;

    private final List<ManagedChannel> channels;
    private final AtomicInteger next = new AtomicInteger();

    private CallSender(List<ManagedChannel> channels) {
        this.channels = channels;
    }

    /** Told once of each call that has ended. */
    @FunctionalInterface
    public interface Ended {
        /** Why it was refused; {@code null} where all was answered. */
        void ended(@Nullable QuiverException refusal);
    }

    /** To {@code grpc://host:port}; connects when something is sent. */
    public static CallSender to(URI server, int connections) {
        return new CallSender(IntStream.range(0, connections)
                .mapToObj(_ -> NettyChannelBuilder.forAddress(server.getHost(), server.getPort())
                        .usePlaintext()
                        .directExecutor()
                        .build())
                .toList());
    }

    /** Sends on one connection after the other. */
    public void send(RecordedCall call, Ended ended) {
        ManagedChannel channel = channels.get(Math.floorMod(next.getAndIncrement(), channels.size()));
        ClientCall<byte[], Integer> sent = channel.newCall(EXCHANGE, CallOptions.DEFAULT);
        sent.start(new Answers(ended), new Metadata());
        sent.request(Integer.MAX_VALUE);
        call.messages().forEach(sent::sendMessage);
        sent.halfClose();
    }

    /** Cuts off what is under way. */
    @Override
    public void close() {
        channels.forEach(ManagedChannel::shutdownNow);
        try {
            for (ManagedChannel channel : channels) {
                channel.awaitTermination(CLOSE_SECONDS_MAX, TimeUnit.SECONDS);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static final class Answers extends ClientCall.Listener<Integer> {
        private final Ended ended;

        Answers(Ended ended) {
            this.ended = ended;
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            ended.ended(
                    status.isOk()
                            ? null
                            : FlightErrors.fromFlight(StatusUtils.fromGrpcStatusAndTrailers(status, trailers)
                                    .toRuntimeException()));
        }
    }

    private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] message) {
            return new ByteArrayInputStream(message);
        }

        @Override
        public byte[] parse(InputStream message) {
            throw new UnsupportedOperationException("nobody sends these to a client");
        }
    }

    /** Leaves the length. */
    private static final class Unread implements MethodDescriptor.Marshaller<Integer> {
        @Override
        public InputStream stream(Integer message) {
            throw new UnsupportedOperationException("a client does not answer");
        }

        @Override
        public Integer parse(InputStream message) {
            try {
                return (int) message.skip(Integer.MAX_VALUE);
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
    }
}
