package io.quiver.flight.service;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A Flight client that sends whatever bytes it is given. */
final class RawFlight implements AutoCloseable {
    private final ManagedChannel channel;

    RawFlight(int port) {
        channel =
                NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
    }

    /** Sends messages and the end of the stream; returns how the server ended the call. */
    Status send(String method, List<byte[]> messages) throws Exception {
        MethodDescriptor<byte[], byte[]> call = MethodDescriptor.<byte[], byte[]>newBuilder()
                .setType(MethodDescriptor.MethodType.BIDI_STREAMING)
                .setFullMethodName("arrow.flight.protocol.FlightService/" + method)
                .setRequestMarshaller(new Bytes())
                .setResponseMarshaller(new Bytes())
                .build();
        CompletableFuture<Status> end = new CompletableFuture<>();
        StreamObserver<byte[]> stream =
                ClientCalls.asyncBidiStreamingCall(channel.newCall(call, CallOptions.DEFAULT), new Ending(end));
        messages.forEach(stream::onNext);
        stream.onCompleted();
        return end.get(20, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }

    private record Ending(CompletableFuture<Status> end) implements StreamObserver<byte[]> {
        @Override
        public void onNext(byte[] answer) {
            // what it says is nobody's concern here
        }

        @Override
        public void onError(Throwable reason) {
            end.complete(Status.fromThrowable(reason));
        }

        @Override
        public void onCompleted() {
            end.complete(Status.OK);
        }
    }

    private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
