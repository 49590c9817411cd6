package io.quiver.gateway.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.quiver.log.record.QuiverException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A denial wins over whatever is granted; {@link RouteTableAccessTest} shows it at every route. */
class DenialTest {
    private static final Scope ACME = new Scope("acme", null, null);
    private static final Scope PROD = new Scope("acme", "prod", null);

    @Test
    void whatIsDeniedInAPartIsAllowedBesideIt() {
        Rights rights = writerBut("collection:delete@acme/prod");
        assertFalse(rights.allowWithin(Permission.DELETE, PROD));
        assertTrue(rights.allowWithin(Permission.UPSERT, PROD));
        assertTrue(rights.allowWithin(Permission.DELETE, new Scope("acme", "test", null)));
    }

    @Test
    void whatDestroysAWholeIsDeniedWithAnyPart() {
        Rights rights = new Rights(
                List.of(new Grant(Role.ADMIN, Scope.SERVER)), List.of(Denial.of("collection:delete@acme/prod/kept")));
        assertFalse(rights.allow(Permission.RESET, Scope.SERVER));
        assertFalse(rights.allow(Permission.DELETE_DATABASE, PROD));
        assertTrue(rights.allow(Permission.DELETE_DATABASE, new Scope("acme", "test", null)));
        assertTrue(rights.allow(Permission.GET_TENANT, ACME));
    }

    @Test
    void aRoleStandsForAllThatItHas() {
        Denial denial = Denial.of("read-only+collection:delete@acme");
        assertTrue(denial.permissions().containsAll(Role.READ_ONLY.permissions()));
        assertTrue(denial.permissions().contains(Permission.DELETE));
        assertFalse(denial.permissions().contains(Permission.UPSERT));
        assertEquals(ACME, denial.scope());
        assertEquals(Scope.SERVER, Denial.of("read-only").scope());
    }

    @Test
    void isReadAsItWasWritten() throws IOException {
        Rights rights = writerBut("collection:delete+collection:update@acme/prod");
        assertEquals(rights, RightsJson.read(RightsJson.write(rights)));
        String json = "[{'role':'read-write'},{'deny':['read-write'],'tenant':'acme'}]".replace('\'', '"');
        assertEquals(
                Role.READ_WRITE.permissions(),
                RightsJson.read(new ObjectMapper().readTree(json))
                        .denials()
                        .getFirst()
                        .permissions());
    }

    @Test
    void whatIsNotUnderstoodIsRefused() throws IOException {
        for (String wrong : List.of(
                "[{'deny':['read-only']}]",
                "[{'role':'admin'},{'deny':[]}]",
                "[{'role':'admin'},{'deny':'read-only'}]",
                "[{'role':'admin'},{'deny':[1]}]",
                "[{'role':'admin'},{'deny':['everything']}]",
                "[{'role':'admin','deny':['read-only']}]",
                "[{'role':'admin'},{'tenant':'acme'}]")) {
            var json = new ObjectMapper().readTree(wrong.replace('\'', '"'));
            assertThrows(QuiverException.class, () -> RightsJson.read(json), wrong);
        }
        assertThrows(QuiverException.class, () -> Denial.of("collection:delete@a/b/c/d"));
        assertThrows(QuiverException.class, () -> Denial.of("@acme"));
    }

    @Test
    void aDeniedCollectionIsAnsweredAsOneThatIsNotThere(@TempDir Path directory) {
        try (var server = new GuardedServer(directory)) {
            String own = server.fill(GuardedServer.OWN, "kept");
            String path =
                    "/api/v2/tenants/%s/databases/%s/collections/".formatted(GuardedServer.OWN, GuardedServer.DATABASE);
            Scope tenant = new Scope(GuardedServer.OWN, null, null);
            Scope collection = new Scope(GuardedServer.OWN, GuardedServer.DATABASE, GuardedServer.COLLECTION);
            String denied = server.key(
                    "denied",
                    new Rights(
                            List.of(new Grant(Role.READ_WRITE, tenant)),
                            List.of(new Denial(Role.READ_WRITE.permissions(), collection))));
            server.awaitKey(denied);
            for (String id : List.of(own, "00000000-0000-4000-8000-000000000000")) {
                assertEquals(
                        404,
                        server.send(denied, "POST", path + id + "/get", "{}").statusCode(),
                        id);
            }
            assertEquals(
                    200,
                    server.send(server.admin(), "POST", path + own + "/get", "{}")
                            .statusCode());
        }
    }

    private static Rights writerBut(String denied) {
        return new Rights(List.of(new Grant(Role.READ_WRITE, ACME)), List.of(Denial.of(denied)));
    }
}
