package io.quiver.gateway.auth;

import static io.quiver.gateway.auth.GuardedServer.COLLECTION;
import static io.quiver.gateway.auth.GuardedServer.DATABASE;
import static io.quiver.gateway.auth.GuardedServer.OTHER;
import static io.quiver.gateway.auth.GuardedServer.OWN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.gateway.auth.Cell.Outcome;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.arrow.flight.FlightStatusCode;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every role in every scope, and nobody, at every route and every Flight call of a running server, asking for their own
 * and for another tenant's. What is expected stands in {@code matrix.txt}, apart from the table that the server uses.
 */
@SuppressWarnings("try") // Arrow's clients throw what they like when they are closed
class RouteTableAccessTest {
    private static final String FORBIDDEN = "This key does not allow ";

    @TempDir
    Path directory;

    /** @param isDenied everything in their own tenant, whatever is granted there */
    private record Bearer(@Nullable String token, @Nullable Role role, int depth, boolean isDenied) {
        @Override
        public String toString() {
            return role + " at depth " + depth + (isDenied ? ", denied" : "");
        }
    }

    @Test
    void letsEachRoleDoWhatTheMatrixSaysAndNothingElse() throws Exception {
        List<Cell> matrix = matrix();
        var expectedKeys = new TreeMap<String, Requirement.Level>();
        matrix.forEach(cell -> expectedKeys.put(cell.operation(), cell.level()));
        assertEquals(expectedKeys.keySet(), new TreeMap<>(AccessTable.all()).keySet());
        try (var server = new GuardedServer(directory)) {
            List<Bearer> bearers = bearers(server);
            String own = server.fill(OWN, "own");
            String other = server.fill(OTHER, "other");
            awaitKey(server, Objects.requireNonNull(bearers.get(bearers.size() - 2).token));
            List<String> wrong = new ArrayList<>();
            int cells = 0;
            try (var flight = new FlightProbe(server.flight())) {
                for (Cell cell : matrix) {
                    for (Bearer bearer : bearers) {
                        for (boolean isOwn : new boolean[] {true, false}) {
                            String tenant = isOwn ? OWN : OTHER;
                            Outcome outcome = cell.operation().startsWith("flight ")
                                    ? flight(flight, bearer, cell.operation().substring(7), tenant)
                                    : http(server, bearer, cell.operation(), tenant, isOwn ? own : other);
                            Outcome expected = expected(cell, bearer, isOwn);
                            cells++;
                            if (outcome != expected) {
                                wrong.add("%s, %s, %s: %s instead of %s"
                                        .formatted(cell.operation(), bearer, tenant, outcome, expected));
                            }
                        }
                    }
                }
            }
            assertEquals(List.of(), wrong);
            assertTrue(cells >= 500, cells + " cells");
        }
    }

    private static Outcome expected(Cell cell, Bearer bearer, boolean isOwn) {
        if (bearer.role == null) {
            return cell.level() == Requirement.Level.OPEN ? Outcome.LET_IN : Outcome.UNKNOWN;
        }
        Outcome granted = cell.expected(bearer.role, bearer.depth, isOwn);
        boolean isAsked = switch (cell.level()) {
            case OPEN, KNOWN, COLLECTION_ANYWHERE -> false;
            case SERVER -> true;
            case TENANT, DATABASE, COLLECTION -> isOwn;
        };
        return bearer.isDenied && isAsked ? Outcome.FORBIDDEN : granted;
    }

    private static List<Bearer> bearers(GuardedServer server) {
        List<Scope> scopes = List.of(
                Scope.SERVER,
                new Scope(OWN, null, null),
                new Scope(OWN, DATABASE, null),
                new Scope(OWN, DATABASE, COLLECTION));
        List<Bearer> bearers = new ArrayList<>();
        for (Role role : Role.values()) {
            for (int depth = 0; depth < scopes.size(); depth++) {
                String name = role.text() + depth;
                bearers.add(new Bearer(server.key(name, new Grant(role, scopes.get(depth)), null), role, depth, false));
            }
        }
        Denial all = Denial.of("admin@" + OWN);
        for (int depth = 0; depth < 2; depth++) {
            Rights rights = new Rights(List.of(new Grant(Role.ADMIN, scopes.get(depth))), List.of(all));
            bearers.add(new Bearer(server.key("denied" + depth, rights), Role.ADMIN, depth, true));
        }
        bearers.add(new Bearer(null, null, 0, false));
        return bearers;
    }

    private static void awaitKey(GuardedServer server, String token) {
        while (server.send(token, "GET", "/api/v2/version", "").statusCode() == 401) {
            Thread.onSpinWait();
        }
    }

    /** Harmless where it is let in: empty bodies, and names that are not there. */
    private static Outcome http(GuardedServer server, Bearer bearer, String operation, String tenant, String id) {
        String[] parts = operation.split(" ", 2);
        boolean isDelete = parts[0].equals("DELETE");
        boolean isByName = operation.endsWith("/collections/{collection}") && parts[0].equals("GET");
        String path = parts[1].replace("{tenant}", tenant)
                .replace("{database}", isDelete && parts[1].endsWith("{database}") ? "ghost" : DATABASE)
                .replace("{collection}", isDelete ? "ghost" : isByName ? COLLECTION : id)
                .replace("{crn}", "ghost:database:ghost")
                .replace("{name}", "function")
                .replace("{snapshot}", "20261121-151836-1a2b3c4d")
                .replace("{any*}", "heartbeat");
        HttpResponse<String> reply = server.send(bearer.token, parts[0], path, "{}");
        return switch (reply.statusCode()) {
            case 401 -> Outcome.UNKNOWN;
            case 403 -> reply.body().contains(FORBIDDEN) ? Outcome.FORBIDDEN : Outcome.LET_IN;
            case 404 -> outcome404(reply.body(), tenant);
            default -> Outcome.LET_IN;
        };
    }

    private static Outcome outcome404(String body, String tenant) {
        boolean isScope =
                body.contains("Tenant [%s]".formatted(tenant)) || body.contains("Database [" + DATABASE + "]");
        return isScope ? Outcome.ABSENT : Outcome.LET_IN;
    }

    private static Outcome flight(FlightProbe flight, Bearer bearer, String operation, String tenant) {
        var refusal = flight.call(bearer.token, operation, tenant);
        if (refusal == null) {
            return Outcome.LET_IN;
        }
        FlightStatusCode code = refusal.status().code();
        String message = String.valueOf(refusal.status().description());
        if (code == FlightStatusCode.UNAUTHENTICATED) {
            return Outcome.UNKNOWN;
        }
        if (code == FlightStatusCode.UNAUTHORIZED) {
            assertTrue(message.contains(FORBIDDEN), message);
            return Outcome.FORBIDDEN;
        }
        return code == FlightStatusCode.NOT_FOUND ? outcome404(message, tenant) : Outcome.LET_IN;
    }

    private static List<Cell> matrix() throws IOException {
        try (InputStream in = RouteTableAccessTest.class.getResourceAsStream("matrix.txt")) {
            String text = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
            return text.lines().map(Cell::of).toList();
        }
    }
}
