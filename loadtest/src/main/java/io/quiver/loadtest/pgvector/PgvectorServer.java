package io.quiver.loadtest.pgvector;

import io.quiver.loadtest.run.ServerUsage;
import io.quiver.loadtest.server.Orphans;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One PostgreSQL of a directory of its own, asked through a socket in it. What it keeps need not survive anything, so
 * that it waits for no disk. Belongs to one thread; whoever starts it closes it.
 */
public final class PgvectorServer implements AutoCloseable {
    private static final String USER = "quiver";
    private static final Pattern PER_SECOND = Pattern.compile("tps = ([0-9.]+)");

    private static final long PATIENCE_NS = 5_000_000_000L;
    private static final long PAUSE_NS = 20_000_000;

    /** Who runs it where root may not. */
    private static final String NOBODY = "65534";

    private static final String OPTIONS = "-c shared_buffers=2GB -c maintenance_work_mem=2GB -c fsync=off -c jit=off"
            + " -c max_parallel_maintenance_workers=2 -c listen_addresses=''";

    private final Installation installation;
    private final Path directory;
    private long pid;

    private PgvectorServer(Installation installation, Path directory) {
        this.installation = installation;
        this.directory = directory;
    }

    /**
     * Installs it if need be, and starts it.
     *
     * @param folder where it is installed, and found the next time
     * @param directory empty; its own from now on
     */
    public static PgvectorServer start(Path folder, Path directory) throws IOException {
        PgvectorServer server = new PgvectorServer(Installation.in(folder), directory);
        if (isRoot()) {
            Commands.run(Map.of(), Commands.Input.NONE, List.of("chown", NOBODY, directory.toString()));
        }
        server.asOwner("initdb", "-A", "trust", "-U", USER, "-E", "UTF8", "-D", server.data());
        server.control("start", "-l", directory.resolve("log").toString(), "-o", OPTIONS + " -k " + directory);
        server.pid = Long.parseLong(
                server.query("select pg_read_file('postmaster.pid')").getFirst());
        ProcessHandle.of(server.pid).ifPresent(Orphans::watch);
        server.query("create extension vector");
        return server;
    }

    /** That of each client is counted when the client has gone. */
    public ServerUsage usage() {
        return ServerUsage.of(pid);
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    private String data() {
        return directory.resolve("data").toString();
    }

    private void control(String... arguments) throws IOException {
        List<String> all = new ArrayList<>(List.of("pg_ctl", "-w", "-D", data()));
        all.addAll(List.of(arguments));
        asOwner(all.toArray(String[]::new));
    }

    private void asOwner(String... command) throws IOException {
        List<String> all = new ArrayList<>();
        if (isRoot()) {
            all.addAll(List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups"));
        }
        all.add(installation.program(command[0]));
        all.addAll(List.of(command).subList(1, command.length));
        Commands.run(Map.of(), Commands.Input.NONE, all);
    }

    /** The rows of the answers, a line each. */
    public List<String> query(String statements) throws IOException {
        return query(statements, "");
    }

    /** @param settings as {@code -c name=value} */
    List<String> query(String statements, String settings) throws IOException {
        return run(settings, writer -> writer.write(statements), "psql", "-qAtX", "-v", "ON_ERROR_STOP=1")
                .lines()
                .toList();
    }

    /** Fills a table with lines in the form of {@code copy}. */
    void copy(String table, Commands.Input lines) throws IOException {
        run("", lines, "psql", "-qAtX", "-v", "ON_ERROR_STOP=1", "-c", "copy " + table + " from stdin");
    }

    /** How often a script of {@code pgbench} is run in a second, over so many connections. */
    double perSecond(Path script, String settings, int connections, double seconds) throws IOException {
        String printed = run(
                settings,
                Commands.Input.NONE,
                "pgbench",
                "-n",
                "-M",
                "prepared",
                "-c",
                Integer.toString(connections),
                "-T",
                Long.toString(Math.max(1, Math.round(seconds))),
                "-f",
                script.toString());
        Matcher matcher = PER_SECOND.matcher(printed);
        if (!matcher.find()) {
            throw new IOException("pgbench printed: " + printed);
        }
        awaitNoClients();
        return Double.parseDouble(matcher.group(1));
    }

    /** By what the process calls itself, which {@link ProcessHandle.Info} does not tell; nothing as it ends. */
    private static boolean isClient(ProcessHandle process) {
        try {
            Path file = Path.of("/proc", Long.toString(process.pid()), "cmdline");
            String title = Files.readString(file, StandardCharsets.ISO_8859_1);
            return title.isEmpty() || title.startsWith("postgres: " + USER);
        } catch (IOException _) {
            return false;
        }
    }

    /** Their processes end after {@code pgbench} has, and their processor time is counted then. */
    private void awaitNoClients() {
        ProcessHandle server = ProcessHandle.of(pid).orElseThrow();
        long begin = System.nanoTime();
        while (server.children().anyMatch(PgvectorServer::isClient) && System.nanoTime() - begin < PATIENCE_NS) {
            LockSupport.parkNanos(PAUSE_NS);
        }
    }

    private String run(String settings, Commands.Input input, String... command) throws IOException {
        List<String> all = new ArrayList<>(List.of(command));
        all.set(0, installation.program(command[0]));
        all.addAll(List.of("-h", directory.toString(), "-U", USER, "postgres"));
        return Commands.run(Map.of("PGOPTIONS", settings), input, all);
    }

    @Override
    public void close() throws IOException {
        control("stop", "-m", "immediate");
    }
}
