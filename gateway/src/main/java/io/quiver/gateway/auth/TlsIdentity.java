package io.quiver.gateway.auth;

import io.vertx.core.Vertx;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Who the server is, and whom it believes about its callers: read again within two seconds of a change of the files,
 * for new connections; those that stand are not touched. Files that cannot be read, or do not belong together, change
 * nothing and are logged. Safe on every thread.
 */
public final class TlsIdentity implements AutoCloseable {
    private final Vertx vertx;
    private final TlsSettings settings;
    private final FileWatch watch = new FileWatch();
    private final ReloadedKeys keys = new ReloadedKeys();
    private final ReloadedTrust trust = new ReloadedTrust();

    private TlsIdentity(Vertx vertx, TlsSettings settings) {
        this.vertx = vertx;
        this.settings = settings;
    }

    /** Throws {@link IOException} where the files are no certificate with its key. */
    public static TlsIdentity open(Vertx vertx, TlsSettings settings) throws IOException {
        TlsIdentity identity = new TlsIdentity(vertx, settings);
        try {
            List<Path> files = Stream.of(settings.certificate(), settings.key(), settings.clientAuthorities())
                    .filter(Objects::nonNull)
                    .toList();
            identity.watch.add(files, identity::read);
            return identity;
        } catch (IOException | RuntimeException failure) {
            identity.close();
            throw failure;
        }
    }

    private void read() throws IOException {
        try {
            X509ExtendedKeyManager nextKeys = readKeys();
            if (settings.clientAuthorities() != null) {
                trust.current = readTrust(settings.clientAuthorities());
            }
            keys.current = nextKeys;
        } catch (IOException failure) {
            throw failure;
        } catch (Exception failure) {
            // a problem with a key may quote it
            throw new IOException("%s and %s are not a certificate and its private key in PEM (%s)"
                    .formatted(
                            settings.certificate(),
                            settings.key(),
                            failure.getClass().getSimpleName()));
        }
    }

    private X509ExtendedKeyManager readKeys() throws Exception {
        var pem = new PemKeyCertOptions()
                .setCertPath(settings.certificate().toString())
                .setKeyPath(settings.key().toString());
        for (KeyManager manager : pem.getKeyManagerFactory(vertx).getKeyManagers()) {
            if (manager instanceof X509ExtendedKeyManager keysOfFile) {
                PemPair.requireBelongTogether(keysOfFile);
                return keysOfFile;
            }
        }
        throw new IOException("no key in " + settings.key());
    }

    private X509ExtendedTrustManager readTrust(Path authorities) throws Exception {
        var pem = new PemTrustOptions().addCertPath(authorities.toString());
        for (TrustManager manager : pem.getTrustManagerFactory(vertx).getTrustManagers()) {
            if (manager instanceof X509ExtendedTrustManager trusted && trusted.getAcceptedIssuers().length > 0) {
                return trusted;
            }
        }
        throw new IOException("no certificate in " + authorities);
    }

    /** Stays the same while what it holds changes. */
    public X509ExtendedKeyManager keys() {
        return keys;
    }

    /** Believes certificates of callers; {@code null} where none is asked for. */
    public @Nullable X509ExtendedTrustManager clients() {
        return settings.clientAuthorities() == null ? null : trust;
    }

    public boolean requiresClient() {
        return settings.requiresClient();
    }

    /** The certificate shown to new connections. */
    X509Certificate certificate() {
        return PemPair.certificate(keys);
    }

    @Override
    public void close() {
        watch.close();
    }
}
