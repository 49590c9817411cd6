package io.quiver.flight;

import io.grpc.netty.GrpcSslContexts;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import javax.net.ssl.SSLException;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * How a Flight service encrypts: TLS 1.3. Both managers may change what they hold while the service runs.
 *
 * @param clients believes certificates of callers; {@code null} to ask for none
 * @param requiresClient whether a caller without a certificate is turned away
 */
public record FlightTls(
        X509ExtendedKeyManager keys, @Nullable X509ExtendedTrustManager clients, boolean requiresClient) {
    SslContext context() {
        try {
            SslContextBuilder builder = SslContextBuilder.forServer(keys).protocols("TLSv1.3");
            if (clients != null) {
                builder.trustManager(clients).clientAuth(requiresClient ? ClientAuth.REQUIRE : ClientAuth.OPTIONAL);
            }
            return GrpcSslContexts.configure(builder, SslProvider.JDK).build();
        } catch (SSLException e) {
            throw new IllegalStateException("TLS 1.3 cannot be had", e);
        }
    }
}
