package io.quiver.gateway.auth;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import javax.net.ssl.X509ExtendedKeyManager;

/** A certificate and a private key, of which it is not yet known whether they belong together. */
final class PemPair {
    private static final byte[] SOMETHING = {1, 2, 3};

    private PemPair() {}

    /** Without this, a certificate that was replaced before its key would break every handshake. */
    static void requireBelongTogether(X509ExtendedKeyManager keys) throws IOException, GeneralSecurityException {
        String alias = alias(keys);
        PrivateKey key = keys.getPrivateKey(alias);
        PublicKey ofCertificate = certificate(keys).getPublicKey();
        Signature signature = Signature.getInstance(algorithm(key));
        signature.initSign(key);
        signature.update(SOMETHING);
        byte[] signed = signature.sign();
        signature.initVerify(ofCertificate);
        signature.update(SOMETHING);
        if (!signature.verify(signed)) {
            throw new IOException("the certificate and the private key do not belong together");
        }
    }

    private static String algorithm(PrivateKey key) {
        return switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> key.getAlgorithm();
        };
    }

    static X509Certificate certificate(X509ExtendedKeyManager keys) {
        return keys.getCertificateChain(alias(keys))[0];
    }

    private static String alias(X509ExtendedKeyManager keys) {
        for (String type : new String[] {"RSA", "EC", "EdDSA", "RSASSA-PSS"}) {
            String[] aliases = keys.getServerAliases(type, null);
            if (aliases != null && aliases.length > 0) {
                return aliases[0];
            }
        }
        throw new IllegalStateException("a key of a kind that is not known");
    }
}
