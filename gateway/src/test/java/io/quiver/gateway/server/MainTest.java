package io.quiver.gateway.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class MainTest {
    @TempDir
    Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void listsEveryCommandAlsoThoseOfTheLauncher() {
        assertEquals(0, run("--help"));
        for (String command : new String[] {"serve", "check", "init", "keys", "audit", "bench", "demo"}) {
            assertTrue(out.toString().contains("  " + command + "  "), out.toString());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"serve", "check", "init", "keys", "audit"})
    void helpsWithEachCommand(String command) {
        assertEquals(0, run(command, "--help"));
        assertTrue(out.toString().startsWith("Usage: quiver " + command), out.toString());
    }

    @Test
    void tellsItsVersion() {
        assertEquals(0, run("--version"));
        assertTrue(out.toString().matches("Quiver \\d+\\.\\d+\\.\\d+\\R"), out.toString());
    }

    @Test
    void refusesToListenToEveryoneUnlessToldThatItIsInsecure() {
        assertEquals(Main.EXIT_USAGE, serve("--host", "0.0.0.0"));
        assertTrue(err.toString().startsWith("quiver: host must be a loopback address"), err.toString());
        assertTrue(err.toString().contains("--insecure"), err.toString());
    }

    @Test
    void suggestsTheNearestSettingInOneLine() {
        assertEquals(Main.EXIT_USAGE, serve("--set", "http-prt=1"));
        assertEquals(
                "quiver: unknown setting 'http-prt' (from a flag): did you mean 'http-port'?",
                err.toString().strip());
    }

    @Test
    void saysWhichPortIsTakenAndLeavesNothingOpen() throws IOException {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());
            assertEquals(1, serve("--http-port", port));
            assertTrue(err.toString().contains("port %s (http-port)".formatted(port)), err.toString());
            err.getBuffer().setLength(0);
            assertEquals(1, serve("--flight-port", port));
            assertTrue(err.toString().contains("port %s (flight-port)".formatted(port)), err.toString());
        }
    }

    @Test
    void refusesADataDirectoryThatIsAFile() throws IOException {
        Files.writeString(directory.resolve("data"), "not a directory");
        assertEquals(1, serve());
        assertTrue(err.toString().startsWith("quiver: cannot open " + directory.resolve("data")), err.toString());
        assertEquals(1, err.toString().lines().count(), err.toString());
    }

    @Test
    void checksNothingThatIsNotThere() {
        assertEquals(1, run("check", directory.resolve("absent").toString()));
        assertTrue(err.toString().startsWith("quiver: cannot check "), err.toString());
    }

    private int serve(String... options) {
        String[] common = {
            "serve", "--data-dir", directory.resolve("data").toString(), "--http-port", "0", "--flight-port", "0"
        };
        CommandLine commandLine = Main.commandLine();
        commandLine.setOverwrittenOptionsAllowed(true);
        return run(commandLine, concat(common, options));
    }

    private int run(String... arguments) {
        return run(Main.commandLine(), arguments);
    }

    private int run(CommandLine commandLine, String... arguments) {
        return commandLine
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }

    private static String[] concat(String[] first, String[] second) {
        String[] all = java.util.Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }
}
