package io.quiver.gateway.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeysCommandTest {
    @TempDir
    Path directory;

    private String out = "";
    private String err = "";

    @Test
    void beginsSafelyWithAnAdminKeyThatIsPrintedOnce() throws Exception {
        Path config = directory.resolve("quiver.yaml");
        String[] init = {"init", "--data-dir", data(), "--config", config.toString()};
        assertEquals(0, run(init), err);
        String token = out.strip();
        assertTrue(token.matches("qk_\\w{12}\\.[\\w-]{43}"), token);
        assertFalse(Files.readString(config).contains(token));
        assertEquals(1, run(init));
        assertTrue(err.contains("must not exist yet"), err);
        assertEquals(0, run("keys", "list", "--data-dir", data()));
        assertTrue(out.contains("admin@server"), out);
        assertFalse(out.contains(token.substring(token.indexOf('.') + 1)), out);
        assertServes(config, token);
    }

    private void assertServes(Path config, String token) throws Exception {
        try (var server = RunningServer.start(config, directory.resolve("data"), Map.of())) {
            assertEquals(401, status(server.http().resolve("/api/v2/auth/identity"), null));
            assertEquals(200, status(server.http().resolve("/api/v2/auth/identity"), token));
            assertEquals(200, status(server.http().resolve("/healthz"), null));
        }
    }

    private static int status(URI uri, @Nullable String token) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest.Builder request = HttpRequest.newBuilder(uri);
            if (token != null) {
                request.header("authorization", "Bearer " + token);
            }
            return client.send(request.build(), HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        }
    }

    @Test
    void letsTwoKeysOfOneNameLiveSoThatOneCanTakeThePlaceOfTheOther() {
        String[] create = {"keys", "create", "--data-dir", data(), "--name", "app", "--role", "read-write"};
        assertEquals(0, run(create), err);
        String first = out.strip();
        assertEquals(0, run(create), err);
        assertEquals(1, run(create));
        assertTrue(err.contains("revoke one first"), err);
        String id = first.substring(0, first.indexOf('.'));
        assertEquals(0, run("keys", "revoke", "--data-dir", data(), id), err);
        assertEquals(0, run(create), err);
        assertEquals(0, run("keys", "list", "--data-dir", data()));
        assertFalse(out.contains(id), out);
        assertEquals(1, run("keys", "revoke", "--data-dir", data(), id));
        assertTrue(err.contains("there is no key " + id), err);
    }

    @Test
    void saysWhatIsWrongInOneLine() {
        String[] start = {"keys", "create", "--data-dir", data(), "--name", "app", "--role"};
        assertRefused("a role must be one of admin, read-write, read-only, monitor, not 'king'", start, "king");
        assertRefused("a scope with a database needs a tenant", start, "admin", "--database", "d");
        assertRefused("--where must be JSON", start, "read-only", "--where", "{");
        assertRefused("a key with a filter must have the role read-only", start, "admin", "--where", "{\"a\":1}");
        assertRefused("--expires-in must be at least 1 day", start, "admin", "--expires-in", "0");
    }

    private void assertRefused(String message, String[] start, String... more) {
        String[] all = java.util.Arrays.copyOf(start, start.length + more.length);
        System.arraycopy(more, 0, all, start.length, more.length);
        assertEquals(1, run(all));
        assertTrue(err.startsWith("quiver: " + message), err);
        assertEquals(1, err.lines().count(), err);
    }

    private String data() {
        return directory.resolve("data").toString();
    }

    private int run(String... arguments) {
        var outText = new StringWriter();
        var errText = new StringWriter();
        int code = Main.commandLine()
                .setOut(new PrintWriter(outText, true))
                .setErr(new PrintWriter(errText, true))
                .execute(arguments);
        out = outText.toString();
        err = errText.toString();
        return code;
    }
}
