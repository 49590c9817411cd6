package io.quiver.gateway.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.QuiverException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyFileTest {
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
    private static final Rights READER = Rights.of(new Grant(Role.READ_ONLY, new Scope("acme", "prod", null)));

    @TempDir
    Path directory;

    @Test
    void keepsEverythingButTheSecret() throws IOException {
        var where = new ObjectMapper().readTree("{\"owner\":\"x\"}");
        ApiKey.Created created = ApiKey.create("someone", READER, where, NOW, NOW.plusSeconds(60));
        add(created.key());
        assertEquals(List.of(created.key()), KeyFile.in(directory).read());
        String file = Files.readString(KeyFile.in(directory).path());
        assertFalse(file.contains(created.secret()), file);
        assertEquals(
                "rw-------",
                PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(KeyFile.in(directory).path())));
    }

    @Test
    void makesSecretsOf256BitsThatNothingPrints() {
        ApiKey.Created one = ApiKey.create("someone", READER, null, NOW, null);
        ApiKey.Created other = ApiKey.create("someone", READER, null, NOW, null);
        assertNotEquals(one.token(), other.token());
        assertEquals(43, one.secret().length());
        assertFalse(one.toString().contains(one.secret()));
        assertFalse(one.key().toString().contains(one.key().secretHash()));
    }

    @Test
    void letsInWithTheRightSecretUntilItExpires() throws IOException {
        ApiKey.Created created = ApiKey.create("someone", READER, null, NOW, NOW.plusSeconds(60));
        add(created.key());
        try (var early = gatekeeper(NOW.plusSeconds(59));
                var late = gatekeeper(NOW.plusSeconds(60))) {
            assertEquals(
                    new Caller("someone", "key " + created.key().id(), READER, null),
                    early.identify(shows(created.token())));
            assertUnknown(late, created.token());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "ID",
                "ID.",
                "ID.x",
                ".SECRET",
                "SECRET",
                "ID.SECRETx",
                "ID.SECRET.",
                "IDx.SECRET",
                "ID SECRET"
            })
    void refusesEverythingElse(String form) throws IOException {
        ApiKey.Created created = ApiKey.create("someone", READER, null, NOW, null);
        add(created.key());
        try (var gatekeeper = gatekeeper(NOW)) {
            assertUnknown(gatekeeper, form.replace("ID", created.key().id()).replace("SECRET", created.secret()));
            assertUnknown(gatekeeper, "x".repeat(AskingGatekeeper.TOKEN_LENGTH_MAX + 1));
        }
    }

    @Test
    void noticesNewAndRevokedKeys() throws IOException {
        try (var gatekeeper = gatekeeper(NOW)) {
            ApiKey.Created created = ApiKey.create("someone", READER, null, NOW, null);
            assertUnknown(gatekeeper, created.token());
            add(created.key());
            eventually(() -> isKnown(gatekeeper, created.token()));
            KeyFile.in(directory).change(_ -> List.of());
            eventually(() -> !isKnown(gatekeeper, created.token()));
        }
    }

    @Test
    void keepsToWhatItReadWhereTheFileIsDamaged() throws IOException {
        ApiKey.Created created = ApiKey.create("someone", READER, null, NOW, null);
        add(created.key());
        KeyFile file = KeyFile.in(directory);
        Files.writeString(file.path(), "{\"version\":1,\"keys\":[{\"id\":\"secret-looking\"}]}");
        var failure = assertThrows(IOException.class, file::read);
        assertEquals(file.path() + " cannot be understood", failure.getMessage());
        Files.writeString(file.path(), "not json with a secret");
        assertFalse(trace(assertThrows(IOException.class, file::read)).contains("secret"));
        assertThrows(IOException.class, () -> gatekeeper(NOW));
    }

    @Test
    void refusesAKeyThatCouldWritePastItsFilter() throws IOException {
        var where = new ObjectMapper().readTree("{\"owner\":\"x\"}");
        Rights writer = Rights.of(new Grant(Role.READ_WRITE, Scope.SERVER));
        var refusal = assertThrows(QuiverException.class, () -> ApiKey.create("someone", writer, where, NOW, null));
        assertEquals("a key with a filter must have the role read-only", refusal.getMessage());
        var notAFilter = new ObjectMapper().readTree("{\"$what\":1}");
        assertThrows(QuiverException.class, () -> ApiKey.create("someone", READER, notAFilter, NOW, null));
    }

    @Test
    void refusesScopesWithHoles() {
        assertThrows(QuiverException.class, () -> new Scope(null, "db", null));
        assertThrows(QuiverException.class, () -> new Scope("t", null, "c"));
        assertThrows(QuiverException.class, () -> new Scope("", null, null));
    }

    private void add(ApiKey key) throws IOException {
        KeyFile.in(directory).change(keys -> {
            List<ApiKey> all = new ArrayList<>(keys);
            all.add(key);
            return all;
        });
    }

    private AskingGatekeeper gatekeeper(Instant now) throws IOException {
        return AskingGatekeeper.open(
                new AuthSettings(true, null, null), directory, AuditTrail.NONE, Clock.fixed(now, ZoneOffset.UTC));
    }

    private static Presented shows(String token) {
        return new Presented(token, "here", null);
    }

    private static boolean isKnown(Gatekeeper gatekeeper, String token) {
        try {
            gatekeeper.identify(shows(token));
            return true;
        } catch (QuiverException refusal) {
            return false;
        }
    }

    private static void assertUnknown(Gatekeeper gatekeeper, String token) {
        var refusal = assertThrows(QuiverException.class, () -> gatekeeper.identify(shows(token)));
        assertEquals(ErrorCode.UNAUTHENTICATED, refusal.code());
        assertEquals("A valid credential is needed", refusal.getMessage());
    }

    private static void eventually(java.util.function.BooleanSupplier condition) {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() - end < 0, "in vain");
            Thread.onSpinWait();
        }
    }

    private static String trace(Throwable failure) {
        var out = new java.io.StringWriter();
        failure.printStackTrace(new java.io.PrintWriter(out));
        return out.toString();
    }
}
