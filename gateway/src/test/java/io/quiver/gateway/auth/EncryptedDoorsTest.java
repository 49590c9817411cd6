package io.quiver.gateway.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.gateway.server.RunningServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.apache.arrow.flight.Action;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.FlightStatusCode;
import org.apache.arrow.flight.Location;
import org.apache.arrow.memory.RootAllocator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TLS on both doors of a running server, certificates that change under it, and callers who are their certificate. */
@SuppressWarnings("try") // Arrow's clients throw what they like when they are closed
class EncryptedDoorsTest {
    @TempDir
    Path directory;

    @Test
    void speaksTls13AloneAndTakesANewCertificateWhileItRuns() throws Exception {
        TestCertificate first = TestCertificate.create(directory, "CN=first");
        TestCertificate second = TestCertificate.create(directory, "CN=second");
        first.writeTo(file("server.pem"), file("server.key"));
        String token = adminKey();
        try (RunningServer server = start(Map.of("auth.enabled", "true"))) {
            assertEquals("https", server.http().getScheme());
            assertEquals(200, status(first.context(null), server.http(), token, "TLSv1.3"));
            assertEquals(401, status(first.context(null), server.http(), null, "TLSv1.3"));
            assertThrows(IOException.class, () -> status(first.context(null), server.http(), token, "TLSv1.2"));
            assertThrows(IOException.class, () -> status(second.context(null), server.http(), token, "TLSv1.3"));
            assertThrows(IOException.class, () -> plain(server.http()));
            assertEquals(FlightStatusCode.UNAUTHENTICATED, flight(first, null, server.flight()));
            assertEquals(FlightStatusCode.UNAVAILABLE, flight(second, null, server.flight()));

            Files.writeString(file("server.pem"), "half of a file");
            second.writeTo(file("server.pem"), file("server.key"));
            while (!succeeds(second.context(null), server.http(), token)) {
                Thread.onSpinWait();
            }
            assertFalse(succeeds(first.context(null), server.http(), token));
            assertEquals(FlightStatusCode.UNAUTHENTICATED, flight(second, null, server.flight()));
        }
    }

    @Test
    void knowsCallersByTheirCertificates() throws Exception {
        TestCertificate own = TestCertificate.create(directory, "CN=server");
        TestCertificate app = TestCertificate.create(directory, "CN=App, O=Acme");
        TestCertificate guest = TestCertificate.create(directory, "CN=Guest");
        TestCertificate stranger = TestCertificate.create(directory, "CN=App, O=Acme");
        own.writeTo(file("server.pem"), file("server.key"));
        Files.writeString(file("authorities.pem"), app.pem() + guest.pem());
        Files.writeString(file("subjects.json"), "{\"cn=app,o=acme\":[{\"role\":\"read-only\",\"tenant\":\"acme\"}]}");
        Map<String, String> flags = Map.of(
                "auth.enabled", "true",
                "auth.subjects-file", file("subjects.json").toString(),
                "tls.client-authorities", file("authorities.pem").toString());
        try (RunningServer server = start(flags)) {
            URI http = server.http();
            String identity = body(own.context(app), http);
            assertEquals("{\"user_id\":\"cn=app,o=acme\",\"tenant\":\"acme\",\"databases\":[\"*\"]}", identity);
            assertEquals(401, status(own.context(null), http, null, "TLSv1.3"));
            assertEquals(401, status(own.context(guest), http, null, "TLSv1.3"));
            assertThrows(IOException.class, () -> status(own.context(stranger), http, null, "TLSv1.3"));
            assertEquals(401, status(own.context(app), http, "wrong", "TLSv1.3"));
            assertEquals(FlightStatusCode.NOT_FOUND, flight(own, app, server.flight()));
            assertEquals(FlightStatusCode.UNAUTHENTICATED, flight(own, guest, server.flight()));
        }
    }

    @Test
    void turnsAwayWhoShowsNoCertificateWhereOneIsRequired() throws Exception {
        TestCertificate own = TestCertificate.create(directory, "CN=server");
        own.writeTo(file("server.pem"), file("server.key"));
        Files.writeString(file("authorities.pem"), own.pem());
        Map<String, String> flags =
                Map.of("tls.client-authorities", file("authorities.pem").toString(), "tls.client-required", "true");
        try (RunningServer server = start(flags)) {
            assertThrows(IOException.class, () -> status(own.context(null), server.http(), null, "TLSv1.3"));
            assertEquals(200, status(own.context(own), server.http(), null, "TLSv1.3"));
            assertEquals(FlightStatusCode.UNAVAILABLE, flight(own, null, server.flight()));
            assertEquals(FlightStatusCode.NOT_FOUND, flight(own, own, server.flight()));
        }
    }

    @Test
    void doesNotStartWithAKeyOfAnotherCertificate() throws Exception {
        TestCertificate.create(directory, "CN=one").writeTo(file("server.pem"), file("other.key"));
        TestCertificate.create(directory, "CN=other").writeTo(file("other.pem"), file("server.key"));
        var failure = assertThrows(RuntimeException.class, () -> start(Map.of()).close());
        assertEquals(
                "cannot encrypt: the certificate and the private key do not belong together", failure.getMessage());
        Files.writeString(file("server.key"), "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n");
        var damaged = assertThrows(RuntimeException.class, () -> start(Map.of()).close());
        assertFalse(String.valueOf(damaged.getMessage()).contains("c2VjcmV0"), damaged.getMessage());
    }

    private RunningServer start(Map<String, String> flags) {
        Map<String, String> all = new HashMap<>(flags);
        all.put("tls.certificate", file("server.pem").toString());
        all.put("tls.key", file("server.key").toString());
        return RunningServer.start(directory.resolve("data"), all);
    }

    private String adminKey() throws IOException {
        ApiKey.Created admin =
                ApiKey.create("root", Rights.of(new Grant(Role.ADMIN, Scope.SERVER)), null, Instant.now(), null);
        KeyFile.in(directory.resolve("data")).change(_ -> List.of(admin.key()));
        return admin.token();
    }

    private Path file(String name) {
        return directory.resolve(name);
    }

    private static boolean succeeds(SSLContext context, URI server, String token) throws InterruptedException {
        try {
            return status(context, server, token, "TLSv1.3") == 200;
        } catch (IOException refused) {
            return false;
        }
    }

    private static int status(SSLContext context, URI server, @Nullable String token, String version)
            throws IOException, InterruptedException {
        return identity(context, server, token, version).statusCode();
    }

    private static String body(SSLContext context, URI server) throws IOException, InterruptedException {
        return identity(context, server, null, "TLSv1.3").body();
    }

    private static HttpResponse<String> identity(SSLContext context, URI server, @Nullable String token, String version)
            throws IOException, InterruptedException {
        SSLParameters parameters = context.getDefaultSSLParameters();
        parameters.setProtocols(new String[] {version});
        try (HttpClient client = HttpClient.newBuilder()
                .sslContext(context)
                .sslParameters(parameters)
                .build()) {
            HttpRequest.Builder request = HttpRequest.newBuilder(server.resolve("/api/v2/auth/identity"));
            if (token != null) {
                request.header("x-chroma-token", token);
            }
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        }
    }

    private static void plain(URI server) throws IOException, InterruptedException {
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            URI same = URI.create("http://" + server.getAuthority() + "/healthz");
            client.send(HttpRequest.newBuilder(same).build(), HttpResponse.BodyHandlers.ofString());
        }
    }

    /** How an action that asks for the default tenant is refused. */
    private FlightStatusCode flight(TestCertificate trusted, @Nullable TestCertificate shown, URI server)
            throws Exception {
        try (var allocator = new RootAllocator()) {
            FlightClient.Builder builder = FlightClient.builder(
                            allocator, Location.forGrpcTls(server.getHost(), server.getPort()))
                    .useTls()
                    .trustedCertificates(stream(trusted.pem()));
            if (shown != null) {
                Path folder = Files.createTempDirectory(directory, "cert");
                shown.writeTo(folder.resolve("c"), folder.resolve("k"));
                builder.clientCertificate(
                        Files.newInputStream(folder.resolve("c")), Files.newInputStream(folder.resolve("k")));
            }
            try (FlightClient client = builder.build()) {
                byte[] body = "{\"collection\":\"ghost\"}".getBytes(StandardCharsets.UTF_8);
                var refusal = assertThrows(
                        FlightRuntimeException.class,
                        () -> client.doAction(new Action("drop_collection", body))
                                .forEachRemaining(_ -> {}));
                assertTrue(refusal.status() != null);
                return refusal.status().code();
            }
        }
    }

    private static ByteArrayInputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII));
    }
}
