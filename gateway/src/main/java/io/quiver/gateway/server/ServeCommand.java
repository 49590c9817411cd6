package io.quiver.gateway.server;

import io.quiver.gateway.server.configuration.ServerConfiguration;
import io.quiver.gateway.server.configuration.Setting;
import io.quiver.gateway.server.logging.StandardErrorLogging;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code quiver serve}: everything in one process on one data directory. */
@Command(
        name = "serve",
        description = "Serves one data directory over HTTP and Arrow Flight until it is told to end.",
        mixinStandardHelpOptions = true,
        versionProvider = BuildVersion.class,
        sortOptions = false)
final class ServeCommand implements Callable<Integer> {
    private static final int OK = 0;
    private static final int NOT_CLEAN = 1;
    private static final double MS = 1000.0;

    @Option(names = "--data-dir", paramLabel = "DIR", description = "Where everything is stored (./quiver-data).")
    @Nullable String dataDirectory;

    @Option(names = "--http-port", paramLabel = "PORT", description = "Port of HTTP (8000); 0 takes a free one.")
    @Nullable String httpPort;

    @Option(names = "--flight-port", paramLabel = "PORT", description = "Port of Flight (8815); 0 takes a free one.")
    @Nullable String flightPort;

    @Option(names = "--host", paramLabel = "ADDRESS", description = "Address to listen on (127.0.0.1).")
    @Nullable String host;

    @Option(names = "--insecure", description = "Listen on any address, without authentication and TLS.")
    boolean isInsecure;

    @Option(names = "--allow-reset", description = "Let callers delete everything.")
    boolean allowsReset;

    @Option(names = "--config", paramLabel = "FILE", description = "YAML file of settings: docs/configuration.md.")
    @Nullable Path config;

    @Option(names = "--set", paramLabel = "NAME=VALUE", description = "Any setting; may be given again.")
    Map<String, String> others = new LinkedHashMap<>();

    @Option(names = "--train", hidden = true, description = "Used by the launcher: visit every door once and end.")
    boolean isTraining;

    @Override
    public Integer call() throws Exception {
        ServerConfiguration configuration = configuration(System.getenv());
        StandardErrorLogging.apply(configuration.logging());
        QuiverServer server = QuiverServer.start(configuration);
        if (isTraining) {
            return train(configuration, server);
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(server), "stop"));
        PrintStream out = System.out;
        out.println(readyLine(configuration, server));
        out.flush();
        new CountDownLatch(1).await();
        return OK;
    }

    /** Twice: the second start finds a segment, and a graph if there was time for one. */
    private static int train(ServerConfiguration configuration, QuiverServer server) throws Exception {
        try {
            TrainingVisit.to(server.http());
            server.compact();
        } finally {
            server.stop();
        }
        QuiverServer.start(configuration).stop();
        return OK;
    }

    /**
     * Runs when the process is told to end. The virtual machine would exit with the number of the signal; a server that
     * ends as it was told to ends well, so it sets the exit code itself.
     */
    private static void end(QuiverServer server) {
        boolean isClean = server.stop();
        Runtime.getRuntime().halt(isClean ? OK : NOT_CLEAN);
    }

    private static String readyLine(ServerConfiguration configuration, QuiverServer server) {
        long startedMs = ManagementFactory.getRuntimeMXBean().getStartTime();
        return "Quiver %s is ready: %s %s data %s (%.2f s)"
                .formatted(
                        BuildVersion.VERSION,
                        server.http(),
                        server.flight(),
                        configuration.dataDirectory(),
                        (System.currentTimeMillis() - startedMs) / MS);
    }

    /** What flags, environment and file say together. */
    private ServerConfiguration configuration(Map<String, String> environment) {
        @Nullable String named = environment.get("QUIVER_CONFIG");
        @Nullable Path file = config == null && named != null ? Path.of(named) : config;
        return ServerConfiguration.read(file, environment, flags());
    }

    private Map<String, String> flags() {
        Map<String, String> flags = new LinkedHashMap<>(others);
        put(flags, Setting.DATA_DIR, dataDirectory);
        put(flags, Setting.HOST, host);
        put(flags, Setting.HTTP_PORT, httpPort);
        put(flags, Setting.FLIGHT_PORT, flightPort);
        put(flags, Setting.ALLOW_RESET, allowsReset ? "true" : null);
        put(flags, Setting.INSECURE, isInsecure ? "true" : null);
        return flags;
    }

    private static void put(Map<String, String> flags, Setting setting, @Nullable String text) {
        if (text != null) {
            flags.put(setting.key(), text);
        }
    }
}
