package io.quiver.flight;

import io.grpc.Context;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;

/**
 * Knows when the transport itself has ended a call, as it does after a message that is too large, and sends nothing on it
 * afterwards: gRPC writes the end of such a call at once, and would answer headers of ours behind that by closing the
 * whole connection, with every other call on it. One for each call.
 *
 * <p>The transport's thread learns of the end before it writes it; whoever sends holds the lock until what is sent is
 * queued, so that ours comes first or not at all.
 */
final class TransportEnd extends ServerStreamTracer {
    private static final Context.Key<TransportEnd> KEY = Context.key("quiver-transport-end");

    private volatile boolean hasEnded;

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
    public synchronized void streamClosed(Status status) {
        hasEnded = true;
    }

    private synchronized void unlessEnded(Runnable send) {
        if (!hasEnded) {
            send.run();
        }
    }

    /** Outermost of the interceptors, so that it covers what the others send; lets calls without an end of their own be. */
    static final class Guard implements ServerInterceptor {
        @Override
        public <Q, R> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
            TransportEnd end = KEY.get();
            return next.startCall(end == null ? call : new OpenCall<>(call, end), headers);
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
        }
    }
}
