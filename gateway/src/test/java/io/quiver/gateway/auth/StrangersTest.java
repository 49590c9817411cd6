package io.quiver.gateway.auth;

import static io.quiver.gateway.auth.GuardedServer.COLLECTION;
import static io.quiver.gateway.auth.GuardedServer.DATABASE;
import static io.quiver.gateway.auth.GuardedServer.OTHER;
import static io.quiver.gateway.auth.GuardedServer.OWN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quiver.gateway.audit.AuditCheck;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** What a caller learns of a tenant that is not theirs, and what anybody learns of a secret: nothing. */
class StrangersTest {
    /** More with {@code -Dquiver.strangers=10000}. */
    private static final int REQUESTS = Integer.getInteger("quiver.strangers", 600);

    private static final String ABSENT = "tenant-absnt";

    @TempDir
    Path directory;

    @Test
    void learnNothingThatTheyWouldNotLearnOfWhatIsNotThere() {
        long seed = Long.getLong("quiver.seed", System.nanoTime());
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        try (var server = new GuardedServer(directory)) {
            List<String> tokens = new ArrayList<>();
            for (Role role : List.of(Role.ADMIN, Role.READ_WRITE, Role.READ_ONLY)) {
                for (Scope scope : List.of(
                        new Scope(OWN, null, null),
                        new Scope(OWN, DATABASE, null),
                        new Scope(OWN, DATABASE, COLLECTION))) {
                    tokens.add(server.key(role.text() + tokens.size(), new Grant(role, scope), null));
                }
            }
            server.fill(OWN, "ownsecret");
            String foreignId = server.fill(OTHER, "othersecret");
            server.awaitKey(tokens.getLast());
            List<String> operations = AccessTable.all().keySet().stream()
                    .filter(operation -> operation.contains("{tenant}"))
                    .toList();
            for (int i = 0; i < REQUESTS; i++) {
                String token = tokens.get(random.nextInt(tokens.size()));
                String[] operation =
                        operations.get(random.nextInt(operations.size())).split(" ", 2);
                boolean isOwnTenant = random.nextBoolean();
                String body = body(random);
                String absentId = UUID.randomUUID().toString();
                String foreign = path(operation[1], isOwnTenant ? OWN : OTHER, foreignId);
                String absent = path(operation[1], isOwnTenant ? OWN : ABSENT, absentId);
                if (foreign.equals(absent)) {
                    continue;
                }
                HttpResponse<String> one = server.send(token, operation[0], foreign, body);
                HttpResponse<String> other = server.send(token, operation[0], absent, body);
                String where = operation[0] + " " + foreign + " " + body;
                assertEquals(other.statusCode(), one.statusCode(), where);
                assertEquals(other.body().replace(ABSENT, OTHER).replace(absentId, foreignId), one.body(), where);
                assertFalse(one.body().contains("othersecret"), where);
                assertTrue(one.statusCode() >= 400, where + " " + one.body());
            }
        }
    }

    private static String path(String template, String tenant, String id) {
        return template.replace("{tenant}", tenant)
                .replace("{database}", DATABASE)
                .replace("{collection}", id)
                .replace("{name}", "name");
    }

    private static String body(Random random) {
        List<String> bodies = List.of(
                "{}",
                "{\"ids\":[\"othersecret-1\"]}",
                "{\"query_embeddings\":[[1,0]],\"n_results\":2}",
                "{\"ids\":[\"x\"],\"embeddings\":[[1,0]]}",
                "{\"where\":{\"owner\":\"x\"}}",
                "{\"new_name\":\"" + COLLECTION + "-" + random.nextInt(10) + "\"}",
                "not json");
        return bodies.get(random.nextInt(bodies.size()));
    }

    @Test
    void seeOnlyTheRecordsThatTheirFilterAccepts() throws Exception {
        try (var server = new GuardedServer(directory)) {
            Grant reader = new Grant(Role.READ_ONLY, new Scope(OWN, DATABASE, null));
            String filtered = server.key("x", reader, new ObjectMapper().readTree("{\"owner\":\"x\"}"));
            String id = server.fill(OWN, "word");
            server.awaitKey(filtered);
            String collection = "/api/v2/tenants/%s/databases/%s/collections/%s".formatted(OWN, DATABASE, id);
            for (String all : List.of(
                    "/get {}",
                    "/get {\"ids\":[\"word-1\",\"word-2\"]}",
                    "/get {\"where\":{\"owner\":\"y\"}}",
                    "/query {\"query_embeddings\":[[0,1]],\"n_results\":2}",
                    "/search {\"searches\":[{\"rank\":{\"$knn\":{\"query\":[0,1],\"limit\":2}},\"limit\":{\"limit\":2},\"select\":{\"keys\":[\"#document\"]}}]}",
                    "/conditional/get {\"ids\":[\"word-1\",\"word-2\"]}")) {
                String[] parts = all.split(" ", 2);
                // twice as root first, so that the cache has the answer for those who see everything
                assertEquals(
                        200,
                        server.send(server.admin(), "POST", collection + parts[0], parts[1])
                                .statusCode(),
                        all);
                HttpResponse<String> reply = server.send(filtered, "POST", collection + parts[0], parts[1]);
                assertEquals(200, reply.statusCode(), reply.body());
                assertFalse(reply.body().contains("word-2"), all + reply.body());
                assertEquals(!all.contains("\"y\""), reply.body().contains("word-1"), all + reply.body());
            }
            assertEquals(
                    "1", server.send(filtered, "GET", collection + "/count", "").body());
            assertEquals(
                    "2",
                    server.send(server.admin(), "GET", collection + "/count", "")
                            .body());
            assertEquals(
                    403,
                    server.send(filtered, "POST", collection + "/explain", "{}").statusCode());
            assertEquals(
                    403,
                    server.send(filtered, "POST", collection + "/upsert", "{}").statusCode());
        }
    }

    @Test
    void areWrittenDownWithoutTheirSecretsAndSoIsWhatAdministratorsDo() throws Exception {
        ListAppender<ILoggingEvent> logged = new ListAppender<>();
        logged.start();
        Logger root = (Logger) LoggerFactory.getLogger("io.quiver");
        root.setLevel(Level.TRACE);
        root.addAppender(logged);
        StringBuilder said = new StringBuilder();
        String canary = "qk_canary." + UUID.randomUUID();
        String secret;
        try (var server = new GuardedServer(directory)) {
            secret = server.admin().substring(server.admin().indexOf('.') + 1);
            server.fill(OWN, "own");
            said.append(server.send(canary, "GET", "/api/v2/version", "").body());
            said.append(server.send(canary, "POST", "/api/v2/tenants", "{}").body());
            said.append(server.send(server.admin(), "GET", "/metrics", "").body());
            said.append(server.send(server.admin(), "GET", "/api/v2/auth/identity", "")
                    .body());
            said.append(server.send(server.admin(), "POST", "/api/v2/tenants", "{\"name\":")
                    .body());
            said.append(server.send(
                            server.admin(), "DELETE", "/api/v2/tenants/%s/databases/%s".formatted(OWN, DATABASE), "")
                    .body());
        } finally {
            root.detachAppender(logged);
            root.setLevel(null);
        }
        String log =
                logged.list.stream().map(ILoggingEvent::getFormattedMessage).collect(Collectors.joining("\n"));
        for (String text : List.of(said.toString(), log, everyFile())) {
            assertFalse(text.contains(canary) || text.contains(secret), text);
        }
        Path audit = directory.resolve("audit");
        assertEquals("", AuditCheck.of(audit).problem());
        String lines = Files.readString(audit.resolve("audit-0000000000000001.jsonl"));
        for (String expected : List.of(
                "\"who\":\"root\",\"credential\":\"key qk_",
                "\"action\":\"POST /api/v2/tenants\",\"object\":\"tenant-own\",\"result\":\"200\"",
                "\"object\":\"tenant-own/database/collection\",\"result\":\"200\"",
                "\"action\":\"DELETE /api/v2/tenants/{tenant}/databases/{database}\",\"object\":\"tenant-own/database\"",
                "\"who\":\"\",\"credential\":\"unknown\"",
                "\"result\":\"UNAUTHENTICATED\"",
                "\"action\":\"keys read\"",
                "\"action\":\"server ended\"")) {
            assertTrue(lines.contains(expected), expected + " in " + lines);
        }
        assertFalse(lines.contains("/add\""), lines);
    }

    private String everyFile() throws IOException {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                all.append(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
            }
        }
        return all.toString();
    }
}
