package io.quiver.gateway.auth;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.lang.JoseException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The public keys that tokens are signed with: from a file, read again when it changes, or from a URL, asked every
 * minute. Keys that cannot be had change nothing and are logged. Safe on every thread.
 */
final class TokenKeys {
    private static final Duration ASKED_EVERY = Duration.ofMinutes(1);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int BYTES_MAX = 1 << 20;
    private static final Logger LOG = LoggerFactory.getLogger(TokenKeys.class);

    private volatile List<JsonWebKey> keys = List.of();

    static TokenKeys watch(JwtSettings settings, FileWatch watch) throws IOException {
        TokenKeys keys = new TokenKeys();
        Path file = settings.keysFile();
        if (file != null) {
            watch.add(List.of(file), () -> keys.put(Files.readString(file), file.toString()));
        }
        URI url = settings.keysUrl();
        if (url != null) {
            keys.ask(url);
            watch.every(ASKED_EVERY, () -> keys.ask(url));
        }
        return keys;
    }

    List<JsonWebKey> all() {
        return keys;
    }

    private void ask(URI url) {
        try (HttpClient client =
                HttpClient.newBuilder().connectTimeout(PATIENCE).build()) {
            HttpRequest request = HttpRequest.newBuilder(url).timeout(PATIENCE).build();
            HttpResponse<InputStream> answer = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = answer.body()) {
                byte[] bytes = body.readNBytes(BYTES_MAX);
                if (answer.statusCode() != 200 || bytes.length == BYTES_MAX) {
                    throw new IOException("status %d, %d bytes".formatted(answer.statusCode(), bytes.length));
                }
                put(new String(bytes, StandardCharsets.UTF_8), url.toString());
            }
        } catch (IOException failure) {
            LOG.warn("No keys for tokens from {}: {}", url, failure.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Symmetric keys in the set are no keys for us: whoever verifies with one could sign with it. */
    private void put(String json, String source) throws IOException {
        try {
            List<JsonWebKey> next = new JsonWebKeySet(json)
                    .getJsonWebKeys().stream()
                            .filter(PublicJsonWebKey.class::isInstance)
                            .toList();
            if (next.isEmpty()) {
                throw new IOException(source + " has no public keys");
            }
            keys = next;
        } catch (JoseException e) {
            throw new IOException(source + " is not a JSON Web Key Set", e);
        }
    }
}
