package io.quiver.flight;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/** Stands before every call: goes on with the trace of its caller, or begins one, and tells the caller which. */
public final class CallTrace implements ServerInterceptor {
    private static final Context.Key<TraceContext> KEY = Context.key("quiver-trace");

    private static final Metadata.Key<String> REQUEST = key(TraceContext.REQUEST_HEADER);
    private static final Metadata.Key<String> ANSWER = key(TraceContext.ANSWER_HEADER);

    CallTrace() {}

    private static Metadata.Key<String> key(String name) {
        return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
    }

    /** The trace of the call that this thread works for; {@code null} where it works for none. */
    public static @Nullable TraceContext current() {
        return KEY.get();
    }

    /** The same thread or another may run it: it works for this call. */
    public static Runnable keptIn(Runnable work) {
        return Context.current().wrap(work);
    }

    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
        TraceContext trace = TraceContext.of(headers.get(REQUEST));
        return Contexts.interceptCall(
                Context.current().withValue(KEY, trace), new Answering<>(call, trace.response()), headers, next);
    }

    /** Names the trace in the head of the answer; where there is no head, behind it. */
    private static final class Answering<Q, R> extends SimpleForwardingServerCall<Q, R> {
        private final String response;
        private boolean isNamed;

        Answering(ServerCall<Q, R> call, String response) {
            super(call);
            this.response = response;
        }

        @Override
        public void sendHeaders(Metadata headers) {
            isNamed = true;
            headers.put(ANSWER, response);
            super.sendHeaders(headers);
        }

        @Override
        public void close(Status status, Metadata trailers) {
            if (!isNamed) {
                trailers.put(ANSWER, response);
            }
            super.close(status, trailers);
        }
    }
}
