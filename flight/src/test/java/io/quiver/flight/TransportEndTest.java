package io.quiver.flight;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.grpc.Attributes;
import io.grpc.Context;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class TransportEndTest {
    private final List<String> sent = new ArrayList<>();
    private final TransportEnd end = new TransportEnd();

    @Test
    void whatIsSentOnAnOpenCallIsSent() {
        ServerCall<byte[], byte[]> call = guarded();
        call.sendHeaders(new Metadata());
        call.sendMessage(new byte[0]);
        call.close(Status.OK, new Metadata());
        assertEquals(List.of("headers", "message", "close"), sent);
    }

    @Test
    void nothingIsSentOnACallThatTheTransportHasEnded() {
        ServerCall<byte[], byte[]> call = guarded();
        end.streamClosed(Status.RESOURCE_EXHAUSTED);
        call.sendHeaders(new Metadata());
        call.sendMessage(new byte[0]);
        call.close(Status.CANCELLED, new Metadata());
        assertEquals(List.of(), sent);
    }

    @Test
    void aCallThatEndsBetweenItsMessagesSendsNoMore() {
        ServerCall<byte[], byte[]> call = guarded();
        call.sendHeaders(new Metadata());
        end.streamClosed(Status.CANCELLED);
        call.sendMessage(new byte[0]);
        call.close(Status.OK, new Metadata());
        assertEquals(List.of("headers"), sent);
    }

    /** The call as a service sees it. */
    private ServerCall<byte[], byte[]> guarded() {
        AtomicReference<ServerCall<byte[], byte[]>> seen = new AtomicReference<>();
        end.filterContext(Context.ROOT)
                .run(() -> new TransportEnd.Guard(_ -> null)
                        .<byte[], byte[]>interceptCall(new SentCall(), new Metadata(), (call, _) -> {
                            seen.set(call);
                            return new ServerCall.Listener<>() {};
                        }));
        return seen.get();
    }

    /** Notes what reaches the transport. */
    private final class SentCall extends ServerCall<byte[], byte[]> {
        @Override
        public Attributes getAttributes() {
            return Attributes.newBuilder()
                    .set(Grpc.TRANSPORT_ATTR_REMOTE_ADDR, new InetSocketAddress(0))
                    .build();
        }

        @Override
        public void request(int messages) {
            throw new UnsupportedOperationException("nothing is read");
        }

        @Override
        public void sendHeaders(Metadata headers) {
            sent.add("headers");
        }

        @Override
        public void sendMessage(byte[] message) {
            sent.add("message");
        }

        @Override
        public void close(Status status, Metadata trailers) {
            sent.add("close");
        }

        @Override
        public boolean isCancelled() {
            return false;
        }

        @Override
        public MethodDescriptor<byte[], byte[]> getMethodDescriptor() {
            throw new UnsupportedOperationException("nobody asks");
        }
    }
}
