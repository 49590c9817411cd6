package io.quiver.flight;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.quiver.log.record.QuiverException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Stands before every call: refuses what is too much, bounds what a call may buffer, gives it its {@link StreamGate}.
 */
final class CallGuard implements ServerInterceptor {
    /** A stream is not ready while this much waits to be sent; one message more than this is the most it buffers. */
    static final int ON_READY_BYTES = 1 << 20;

    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final int callsMax;
    private final Duration stallMax;
    private final AtomicInteger calls = new AtomicInteger();
    private final LongAdder cancelled = new LongAdder();
    private final Set<StreamGate> open = ConcurrentHashMap.newKeySet();
    private volatile boolean isStopping;

    /** @param stallMax a caller that takes nothing for so long is cut off */
    CallGuard(int callsMax, Duration stallMax) {
        this.callsMax = callsMax;
        this.stallMax = stallMax;
    }

    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
        @Nullable Duration timeout;
        try {
            timeout = CallTimeout.asked(headers);
        } catch (QuiverException refusal) {
            return refused(call, Status.INVALID_ARGUMENT.withDescription(refusal.getMessage()), new Metadata());
        }
        if (calls.incrementAndGet() > callsMax) {
            calls.decrementAndGet();
            String reason = "%d calls are open, no more are taken".formatted(callsMax);
            return refused(call, Status.UNAVAILABLE.withDescription(reason), comeAgain());
        }
        call.setOnReadyThreshold(ON_READY_BYTES);
        return guarded(call, headers, timeout, next);
    }

    private static <Q, R> ServerCall.Listener<Q> refused(ServerCall<Q, R> call, Status why, Metadata trailer) {
        call.close(why, trailer);
        return new ServerCall.Listener<>() {};
    }

    private static Metadata comeAgain() {
        Metadata trailer = new Metadata();
        trailer.put(
                Metadata.Key.of(FlightErrors.RETRY_AFTER_KEY, Metadata.ASCII_STRING_MARSHALLER),
                Long.toString(RETRY_AFTER.toMillis()));
        return trailer;
    }

    /** Lets open calls finish what they have at hand. */
    void stop() {
        isStopping = true;
        open.forEach(StreamGate::stop);
    }

    /** Calls whose callers went away, or did not want to wait any longer, before the end. */
    long cancelledCount() {
        return cancelled.sum();
    }

    private <Q, R> ServerCall.Listener<Q> guarded(
            ServerCall<Q, R> call, Metadata headers, @Nullable Duration timeout, ServerCallHandler<Q, R> next) {
        MessageWindow window = new MessageWindow(call::request);
        StreamGate gate = new StreamGate(call::isReady, window, stallMax);
        Context context = Context.current().withValues(StreamGate.KEY, gate, CallTimeout.ASKED, timeout);
        boolean isUpload = !call.getMethodDescriptor().getType().clientSendsOneMessage();
        try {
            var listener = Contexts.interceptCall(context, isUpload ? windowed(call) : call, headers, next);
            open.add(gate);
            if (isUpload) {
                gate.opened(listener::onHalfClose);
                window.open();
            }
            if (isStopping) {
                gate.stop();
            }
            boolean isExchange = call.getMethodDescriptor().getFullMethodName().endsWith("/DoExchange");
            return new GuardedListener<>(listener, gate, isExchange);
        } catch (RuntimeException accident) {
            calls.decrementAndGet();
            throw accident;
        }
    }

    private static <Q, R> ServerCall<Q, R> windowed(ServerCall<Q, R> call) {
        return new SimpleForwardingServerCall<>(call) {
            @Override
            public void request(int numMessages) {
                // the window requests
            }
        };
    }

    private final class GuardedListener<Q> extends SimpleForwardingServerCallListener<Q> {
        private final StreamGate gate;
        private final boolean isExchange;
        private boolean isHalfClosed;

        GuardedListener(ServerCall.Listener<Q> next, StreamGate gate, boolean isExchange) {
            super(next);
            this.gate = gate;
            this.isExchange = isExchange;
        }

        @Override
        public void onReady() {
            super.onReady();
            gate.changed();
        }

        @Override
        public void onHalfClose() {
            isHalfClosed = true;
            gate.inputEnded();
            super.onHalfClose();
        }

        @Override
        public void onComplete() {
            ended();
            super.onComplete();
        }

        @Override
        public void onCancel() {
            cancelled.increment();
            ended();
            if (!isExchange) {
                gate.cancel(() -> {});
                super.onCancel();
                return;
            }
            if (!isHalfClosed) {
                super.onHalfClose();
            }
            gate.cancel(super::onCancel);
        }

        private void ended() {
            calls.decrementAndGet();
            open.remove(gate);
        }
    }
}
