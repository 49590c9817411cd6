package io.quiver.flight;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.quiver.log.record.QuiverException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * Stands before every call and asks who makes it. A handshake is answered here: whoever comes with a user and a
 * password, or any other credential, gets back the header to come with from then on, as Flight's clients expect it.
 */
final class CallerCheck implements ServerInterceptor {
    static final Context.Key<FlightRights> RIGHTS = Context.key("quiver-flight-rights");

    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    private final FlightAccess access;

    CallerCheck(FlightAccess access) {
        this.access = access;
    }

    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
        try {
            FlightRights rights = access.identify(name -> header(headers, name), from(call), subject(call));
            if (call.getMethodDescriptor().getFullMethodName().endsWith("/Handshake")) {
                return shakeHands(call, headers);
            }
            return Contexts.interceptCall(Context.current().withValue(RIGHTS, rights), call, headers, next);
        } catch (QuiverException refusal) {
            call.close(Status.UNAUTHENTICATED.withDescription(refusal.getMessage()), new Metadata());
            return new ServerCall.Listener<>() {};
        }
    }

    private static <Q, R> ServerCall.Listener<Q> shakeHands(ServerCall<Q, R> call, Metadata headers) {
        Metadata answer = new Metadata();
        String shown = headers.get(AUTHORIZATION);
        if (shown != null) {
            answer.put(AUTHORIZATION, shown);
        }
        call.sendHeaders(answer);
        call.close(Status.OK, new Metadata());
        return new ServerCall.Listener<>() {};
    }

    private static @Nullable String header(Metadata headers, String name) {
        return headers.get(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER));
    }

    private static String from(ServerCall<?, ?> call) {
        SocketAddress address = call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
        return address instanceof InetSocketAddress inet
                ? inet.getAddress().getHostAddress() + ":" + inet.getPort()
                : String.valueOf(address);
    }

    private static @Nullable String subject(ServerCall<?, ?> call) {
        SSLSession session = call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
        try {
            return session == null ? null : session.getPeerPrincipal().getName();
        } catch (SSLPeerUnverifiedException none) {
            return null;
        }
    }
}
