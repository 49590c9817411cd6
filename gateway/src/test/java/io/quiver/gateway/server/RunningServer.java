package io.quiver.gateway.server;

import io.quiver.gateway.server.configuration.ServerConfiguration;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** The whole server in this process, compactor included, on free ports, for the tests of other packages. */
public final class RunningServer implements AutoCloseable {
    private final QuiverServer server;

    private RunningServer(QuiverServer server) {
        this.server = server;
    }

    /**
     * Starts on a data directory, which may have been another's before.
     *
     * @param flags beside the directory and the ports
     */
    public static RunningServer start(Path directory, Map<String, String> flags) {
        Map<String, String> all = new HashMap<>(flags);
        all.put("data-dir", directory.toString());
        all.put("http-port", "0");
        all.put("flight-port", "0");
        return new RunningServer(QuiverServer.start(ServerConfiguration.read(null, Map.of(), all)));
    }

    public URI http() {
        return server.http();
    }

    @Override
    public void close() {
        if (!server.stop()) {
            throw new IllegalStateException("a part of the server did not close");
        }
    }
}
