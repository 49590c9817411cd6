package io.quiver.gateway.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.gateway.server.ServedProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.OkpJwkGenerator;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.lang.JoseException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Credentials are canaries: they are shown to a process at every door, rightly, wrongly and in the wrong place, while
 * it logs all that it can; then everything that it said or wrote is searched for them.
 */
@SuppressWarnings("try") // closing may be interrupted
class SecretsTest {
    private static final String ISSUER = "https://issuer.example";
    private static final long PATIENCE_S = 60;

    @TempDir
    Path directory;

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final StringBuilder said = new StringBuilder();

    @Test
    void areNowhereInWhatTheServerSaysOrWrites() throws Exception {
        String key = key();
        String unknownKey = newKey("nobody").token();
        String token = token();
        String forged = token.substring(0, token.lastIndexOf('.') + 1) + "A".repeat(43) + "canary" + "B".repeat(37);
        List<String> shown = List.of(key, unknownKey, token, forged);
        try (ServedProcess server = new ServedProcess(
                directory,
                "auth.enabled=true",
                "auth.jwt.keys-file=" + directory.resolve("keys.json"),
                "auth.jwt.issuer=" + ISSUER,
                "audit.extent=everything",
                "logging.level=trace",
                "logging.requests=true",
                "logging.slow-query.threshold=0 ms")) {
            shown.forEach(credential -> visit(server, credential));
            server.process().toHandle().destroy();
            assertTrue(server.process().waitFor(PATIENCE_S, TimeUnit.SECONDS));
            said.append(new String(server.process().getInputStream().readAllBytes(), StandardCharsets.UTF_8));
            assertTrue(server.lines().size() > 100, "it says all that it can");
        }
        Map<String, String> written = everyFile();
        assertTrue(written.keySet().stream().anyMatch(file -> file.contains("audit")), written.keySet()::toString);
        String name = key.substring(0, key.indexOf('.'));
        assertTrue(written.values().stream().anyMatch(text -> text.contains(name)), "the name of a key is no secret");
        written.put("what callers were told", said.toString());
        for (String credential : shown) {
            for (String secret : traces(credential)) {
                written.forEach((place, text) -> assertFalse(text.contains(secret), () -> secret + " is in " + place));
            }
        }
    }

    /** What would give a credential away: its secret part, and that in the other ways it was written in. */
    private static List<String> traces(String credential) {
        String secret = credential.substring(credential.lastIndexOf('.') + 1);
        return List.of(secret, basic(credential), secret.substring(0, 24), secret.substring(secret.length() - 24));
    }

    private static String basic(String credential) {
        return Base64.getEncoder().encodeToString(("user:" + credential).getBytes(StandardCharsets.UTF_8));
    }

    private static ApiKey.Created newKey(String name) {
        return ApiKey.create(name, Rights.of(new Grant(Role.ADMIN, Scope.SERVER)), null, Instant.now(), null);
    }

    private String key() throws IOException {
        Path data = Files.createDirectories(directory.resolve("data"));
        ApiKey.Created created = newKey("root");
        KeyFile.in(data).change(_ -> List.of(created.key()));
        return created.token();
    }

    private String token() throws JoseException, IOException {
        PublicJsonWebKey signer = OkpJwkGenerator.generateJwk("Ed25519");
        signer.setKeyId("ed");
        Files.writeString(
                directory.resolve("keys.json"), new JsonWebKeySet(signer).toJson(OutputControlLevel.PUBLIC_ONLY));
        JwtClaims claims = new JwtClaims();
        claims.setIssuer(ISSUER);
        claims.setAudience("quiver");
        claims.setSubject("someone");
        claims.setExpirationTimeMinutesInTheFuture(10);
        claims.setClaim("quiver_grants", List.of(Map.of("role", "admin")));
        JsonWebSignature jws = new JsonWebSignature();
        jws.setPayload(claims.toJson());
        jws.setAlgorithmHeaderValue("EdDSA");
        jws.setKeyIdHeaderValue("ed");
        jws.setKey(signer.getPrivateKey());
        return jws.getCompactSerialization();
    }

    private void visit(ServedProcess server, String credential) {
        List<Integer> statuses = new ArrayList<>();
        for (String value : List.of("Bearer " + credential, "Basic " + basic(credential), "Digest " + credential)) {
            statuses.add(send(server, "authorization", value, "GET", "/api/v2/auth/identity", ""));
        }
        assertEquals(1, Stream.of(statuses.get(0), statuses.get(1)).distinct().count(), "both ways are the same");
        for (String path : List.of("/metrics", "/limits", "/readyz", "/openapi.json", "/nowhere", "/api/v2/%zz")) {
            send(server, "x-chroma-token", credential, "GET", path, "");
        }
        for (String body : List.of("{\"name\":\"acme\"}", "{", "{\"name\":7}", "x".repeat(100_000))) {
            send(server, "x-chroma-token", credential, "POST", "/api/v2/tenants", body);
        }
        overWebSocket(server, credential);
        overFlight(server, credential);
    }

    private int send(ServedProcess server, String header, String value, String method, String path, String body) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(server.http() + path.replace("%zz", "%25zz")))
                .header(header, value)
                .header("content-type", "application/json")
                .method(method, BodyPublishers.ofString(body))
                .build();
        try {
            HttpResponse<String> reply = client.send(request, BodyHandlers.ofString());
            said.append(reply.headers().map()).append(reply.body());
            return reply.statusCode();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void overWebSocket(ServedProcess server, String credential) {
        URI stream = URI.create(server.http().toString().replace("http", "ws")
                + "/api/v2/tenants/default_tenant/databases/default_database/collections/x/stream");
        try {
            client.newWebSocketBuilder()
                    .header("authorization", "Bearer " + credential)
                    .buildAsync(stream, new WebSocket.Listener() {})
                    .join()
                    .abort();
        } catch (CompletionException refused) {
            said.append(refused.getCause());
        }
    }

    private void overFlight(ServedProcess server, String credential) {
        try (FlightProbe probe = new FlightProbe(server.flight())) {
            for (String operation : List.of("ListFlights", "list_collections", "DoGet", "DoPut", "DoExchange", "x")) {
                said.append(probe.call(credential, operation, "default_tenant"));
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** By name: data, audit log and what the process logged. */
    private Map<String, String> everyFile() throws IOException {
        Map<String, String> texts = new TreeMap<>();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                texts.put(file.toString(), new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
            }
        }
        return texts;
    }
}
