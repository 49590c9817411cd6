package io.quiver.gateway.auth;

import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Which tokens of somebody else are believed. Keys come from a file or from a URL, both named by the operator: no token
 * says where its key is.
 *
 * @param keysFile JWKS file; {@code null} where the URL is used
 * @param keysUrl {@code https}, or {@code http} on this machine; {@code null} where the file is used
 * @param grantsClaim the claim that holds what the bearer may do
 */
public record JwtSettings(
        @Nullable Path keysFile, @Nullable URI keysUrl, String issuer, String audience, String grantsClaim) {
    public JwtSettings {
        if ((keysFile == null) == (keysUrl == null)) {
            throw new IllegalArgumentException("tokens need keys from a file or from a URL, and not from both");
        }
        if (issuer.isBlank() || audience.isBlank() || grantsClaim.isBlank()) {
            throw new IllegalArgumentException("tokens need an issuer, an audience and a claim for grants");
        }
        if (keysUrl != null && !isSafe(keysUrl)) {
            throw new IllegalArgumentException("the URL of keys must begin with https://");
        }
    }

    private static boolean isSafe(URI url) {
        boolean isHere = "localhost".equals(url.getHost()) || "127.0.0.1".equals(url.getHost());
        return url.getHost() != null && ("https".equals(url.getScheme()) || "http".equals(url.getScheme()) && isHere);
    }
}
