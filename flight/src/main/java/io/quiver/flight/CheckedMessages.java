package io.quiver.flight;

import io.grpc.Attributes;
import io.grpc.ForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.SecurityLevel;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.Status;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * Looks at each message of an upload or exchange before Arrow makes anything of it: {@link MessageCheck} says what is
 * wrong with it, and the call's {@link StreamGate} tells the thread that serves it, which answers.
 *
 * <p>Messages reach the service's own handlers as if nothing stood between; a message that is refused does not, and
 * neither does any after it.
 */
final class CheckedMessages {
    private CheckedMessages() {}

    /** The same service, which refuses what is damaged. */
    static ServerServiceDefinition of(ServerServiceDefinition service) {
        ServiceDescriptor.Builder descriptor =
                ServiceDescriptor.newBuilder(service.getServiceDescriptor().getName());
        var methods = service.getMethods().stream()
                .<ServerMethodDefinition<?, ?>>map(CheckedMessages::checked)
                .toList();
        methods.forEach(method -> descriptor.addMethod(method.getMethodDescriptor()));
        ServerServiceDefinition.Builder checked = ServerServiceDefinition.builder(descriptor.build());
        methods.forEach(checked::addMethod);
        return checked.build();
    }

    private static <Q, R> ServerMethodDefinition<?, R> checked(ServerMethodDefinition<Q, R> method) {
        MethodDescriptor<Q, R> plain = method.getMethodDescriptor();
        if (plain.getType().clientSendsOneMessage()) {
            return method;
        }
        MethodDescriptor<InputStream, R> raw = plain.toBuilder(new RawMarshaller(), plain.getResponseMarshaller())
                .build();
        return ServerMethodDefinition.create(raw, checked(plain, method.getServerCallHandler()));
    }

    private static <Q, R> ServerCallHandler<InputStream, R> checked(
            MethodDescriptor<Q, R> plain, ServerCallHandler<Q, R> handler) {
        return (call, headers) -> {
            StreamGate gate = StreamGate.current();
            ServerCall.Listener<Q> listener = handler.startCall(new PlainCall<>(call, plain), headers);
            return new CheckingListener<>(plain, listener, gate);
        };
    }

    /** Hands the message on as it came; it is open for as long as the listener works on it. */
    private static final class RawMarshaller implements MethodDescriptor.Marshaller<InputStream> {
        @Override
        public InputStream stream(InputStream value) {
            return value;
        }

        @Override
        public InputStream parse(InputStream stream) {
            return stream;
        }
    }

    private static final class CheckingListener<Q> extends ForwardingServerCallListener<InputStream> {
        private final MethodDescriptor<Q, ?> method;
        private final ServerCall.Listener<Q> next;
        private final StreamGate gate;
        private final MessageCheck check = new MessageCheck();
        private boolean hasRefused;

        CheckingListener(MethodDescriptor<Q, ?> method, ServerCall.Listener<Q> next, StreamGate gate) {
            this.method = method;
            this.next = next;
            this.gate = gate;
        }

        @Override
        public void onMessage(InputStream message) {
            if (hasRefused) {
                return;
            }
            MessageCheck.Outcome outcome = check.of(message);
            String fault = outcome.fault();
            if (fault == null) {
                fault = forward(outcome.message());
            }
            if (fault != null) {
                hasRefused = true;
                gate.refuse(fault);
            } else if (check.hasDescriptor()) {
                gate.descriptorCame();
            }
        }

        /** Hands the message on; returns what Arrow itself finds wrong with it. */
        private @Nullable String forward(InputStream message) {
            try {
                next.onMessage(method.parseRequest(message));
                return null;
            } catch (RuntimeException damaged) {
                return "the message cannot be read: " + damaged.getMessage();
            }
        }

        @Override
        @SuppressWarnings("unchecked") // it is only told of what is not a message
        protected ServerCall.Listener<InputStream> delegate() {
            return (ServerCall.Listener<InputStream>) (ServerCall.Listener<?>) next;
        }
    }

    /** The call as the service's own handler knows it. */
    private static final class PlainCall<Q, R> extends ServerCall<Q, R> {
        private final ServerCall<?, R> call;
        private final MethodDescriptor<Q, R> method;

        PlainCall(ServerCall<?, R> call, MethodDescriptor<Q, R> method) {
            this.call = call;
            this.method = method;
        }

        @Override
        public void request(int numMessages) {
            call.request(numMessages);
        }

        @Override
        public void sendHeaders(Metadata headers) {
            call.sendHeaders(headers);
        }

        @Override
        public void sendMessage(R message) {
            call.sendMessage(message);
        }

        @Override
        public boolean isReady() {
            return call.isReady();
        }

        @Override
        public void close(Status status, Metadata trailers) {
            call.close(status, trailers);
        }

        @Override
        public boolean isCancelled() {
            return call.isCancelled();
        }

        @Override
        public void setMessageCompression(boolean enabled) {
            call.setMessageCompression(enabled);
        }

        @Override
        public void setCompression(String compressor) {
            call.setCompression(compressor);
        }

        @Override
        public void setOnReadyThreshold(int numBytes) {
            call.setOnReadyThreshold(numBytes);
        }

        @Override
        public SecurityLevel getSecurityLevel() {
            return call.getSecurityLevel();
        }

        @Override
        public Attributes getAttributes() {
            return call.getAttributes();
        }

        @Override
        public @Nullable String getAuthority() {
            return call.getAuthority();
        }

        @Override
        public MethodDescriptor<Q, R> getMethodDescriptor() {
            return method;
        }
    }
}
