package io.quiver.flight;

import io.grpc.Context;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import java.net.SocketAddress;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Knows when the transport itself has ended a call, as it does after a message that is too large, and sends nothing on
 * it afterwards: gRPC writes the end of such a call at once, and would answer headers of ours behind that by closing
 * the whole connection, with every other call on it. One for each call.
 *
 * <p>The transport's thread learns of the end before it writes it; whoever sends holds the lock until what is sent is
 * queued, so that ours comes first or not at all.
 */
final class TransportEnd extends ServerStreamTracer {
    private static final Context.Key<TransportEnd> KEY = Context.key("quiver-transport-end");

    private volatile boolean hasEnded;
    private volatile @Nullable LastBytes connection;

    /** Of a server that keeps to this; goes with {@link Guard}. */
    static final class Factory extends ServerStreamTracer.Factory {
        @Override
        public ServerStreamTracer newServerStreamTracer(String fullMethodName, Metadata headers) {
            return new TransportEnd();
        }
    }

    @Override
    public Context filterContext(Context context) {
        return context.withValue(KEY, this);
    }

    @Override
    public void streamClosed(Status status) {
        end();
        LastBytes last = connection;
        if (last != null) {
            last.ended(this);
        }
    }

    private synchronized void end() {
        hasEnded = true;
    }

    boolean hasEnded() {
        return hasEnded;
    }

    private synchronized void unlessEnded(Runnable send) {
        if (!hasEnded) {
            send.run();
        }
    }

    /**
     * Outermost of the interceptors, so that it covers what the others send; lets calls without an end of their own be.
     */
    static final class Guard implements ServerInterceptor {
        private final Function<SocketAddress, @Nullable LastBytes> connections;

        /** @param connections by the addresses of callers */
        Guard(Function<SocketAddress, @Nullable LastBytes> connections) {
            this.connections = connections;
        }

        @Override
        public <Q, R> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
            TransportEnd end = KEY.get();
            SocketAddress caller = call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
            if (end == null || caller == null) {
                return next.startCall(call, headers);
            }
            end.connection = connections.apply(caller);
            return next.startCall(new OpenCall<>(call, end), headers);
        }
    }

    private static final class OpenCall<Q, R> extends SimpleForwardingServerCall<Q, R> {
        private final TransportEnd end;

        OpenCall(ServerCall<Q, R> call, TransportEnd end) {
            super(call);
            this.end = end;
        }

        @Override
        public void sendHeaders(Metadata headers) {
            end.unlessEnded(() -> super.sendHeaders(headers));
        }

        @Override
        public void sendMessage(R message) {
            if (!end.hasEnded) {
                super.sendMessage(message); // data that is late hurts its own call alone
            }
        }

        @Override
        public void close(Status status, Metadata trailers) {
            end.unlessEnded(() -> super.close(status, trailers));
            LastBytes last = end.connection;
            if (last != null) {
                last.begin(end);
            }
        }
    }
}
