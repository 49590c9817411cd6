package io.quiver.flight;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;

/** Stands before every call, behind its trace: tells an observer how it ended, and after how long. */
final class CallTimer implements ServerInterceptor {
    private final CallObserver observer;

    CallTimer(CallObserver observer) {
        this.observer = observer;
    }

    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
        Timed timed = new Timed(
                Objects.requireNonNull(call.getMethodDescriptor().getBareMethodName()),
                Objects.requireNonNull(CallTrace.current()));
        return new Listening<>(next.startCall(new Closing<>(call, timed), headers), timed);
    }

    /** One call, which ends once: by its answer, or because its caller has gone. */
    private final class Timed {
        private final String method;
        private final TraceContext trace;
        private final long startedNanos = System.nanoTime();
        private final AtomicBoolean hasEnded = new AtomicBoolean();

        Timed(String method, TraceContext trace) {
            this.method = method;
            this.trace = trace;
        }

        void end(Status.Code status) {
            if (hasEnded.compareAndSet(false, true)) {
                observer.ended(method, status.name(), Duration.ofNanos(System.nanoTime() - startedNanos), trace);
            }
        }
    }

    private static final class Closing<Q, R> extends SimpleForwardingServerCall<Q, R> {
        private final Timed timed;

        Closing(ServerCall<Q, R> call, Timed timed) {
            super(call);
            this.timed = timed;
        }

        @Override
        public void close(Status status, Metadata trailers) {
            super.close(status, trailers);
            timed.end(status.getCode());
        }
    }

    private static final class Listening<Q> extends SimpleForwardingServerCallListener<Q> {
        private final Timed timed;

        Listening(ServerCall.Listener<Q> next, Timed timed) {
            super(next);
            this.timed = timed;
        }

        @Override
        public void onCancel() {
            timed.end(Status.Code.CANCELLED);
            super.onCancel();
        }
    }
}
