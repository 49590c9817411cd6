package io.quiver.loadtest.client;

import io.quiver.loadtest.server.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** A virtual environment of Python below {@code target}, with the packages that a folder of programs asks for. */
record PythonEnvironment(Path sources, Path python) {
    /**
     * Makes it, or takes the one that is there. Where pip cannot get the packages, the test is skipped and says so.
     *
     * @param name of the folder with the programs and {@code requirements.txt}
     */
    static PythonEnvironment of(String name) throws IOException, InterruptedException {
        Path sources = ServerProcess.root().resolve("loadtest/src/test/clients").resolve(name);
        Path folder = ServerProcess.root().resolve("loadtest/target/clients").resolve(name);
        if (!Files.exists(folder.resolve("bin/pip"))) {
            Files.createDirectories(folder.getParent());
            Program.run(sources, "python3", "-m", "venv", folder.toString());
        }
        String pip = folder.resolve("bin/pip").toString();
        Program.Ended ended = Program.end(sources, pip, "install", "-q", "-r", "requirements.txt");
        Assumptions.assumeTrue(
                ended.exitCode() == 0, () -> "skipped, since pip cannot get the packages: " + ended.printed());
        return new PythonEnvironment(sources, folder.resolve("bin/python"));
    }

    /** Runs one of the programs and returns what it printed. */
    String run(String program, String... arguments) throws IOException, InterruptedException {
        return Program.run(sources, command(program, arguments));
    }

    /** Starts one of the programs, which the caller talks with and waits for. */
    Process start(String program, String... arguments) throws IOException {
        return new ProcessBuilder(command(program, arguments))
                .directory(sources.toFile())
                .redirectErrorStream(true)
                .start();
    }

    private String[] command(String program, String... arguments) {
        String[] command = new String[arguments.length + 2];
        command[0] = python.toString();
        command[1] = program;
        System.arraycopy(arguments, 0, command, 2, arguments.length);
        return command;
    }
}
