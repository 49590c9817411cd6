package io.quiver.gateway.server;

import io.quiver.gateway.server.configuration.ServerConfiguration;
import io.quiver.log.storage.DiskStorage;
import io.quiver.log.storage.Storage;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The whole server in this process, compactor included, on free ports, for the tests of other packages. What it leaves
 * behind on the disk is checked.
 */
public final class RunningServer implements AutoCloseable {
    private final QuiverServer server;
    private final Path directory;
    private final boolean isToBeSound;

    private RunningServer(QuiverServer server, Path directory, boolean isToBeSound) {
        this.server = server;
        this.directory = directory;
        this.isToBeSound = isToBeSound;
    }

    /**
     * Starts on a data directory, which may have been another's before.
     *
     * @param flags beside the directory and the ports
     */
    public static RunningServer start(Path directory, Map<String, String> flags) {
        return start(null, directory, flags, DiskStorage::open, true);
    }

    /** As {@link #start(Path, Map)}, with log and segments in this storage; the catalog is in the directory. */
    public static RunningServer start(Path directory, Map<String, String> flags, Storage storage) {
        return start(null, directory, flags, _ -> storage, false);
    }

    /** As {@link #start(Path, Map)}, with a file of settings. */
    static RunningServer start(Path config, Path directory, Map<String, String> flags) {
        return start(config, directory, flags, DiskStorage::open, true);
    }

    private static RunningServer start(
            @Nullable Path config,
            Path directory,
            Map<String, String> flags,
            StorageOpener storage,
            boolean isToBeSound) {
        Map<String, String> all = new HashMap<>(flags);
        all.put("data-dir", directory.toString());
        all.put("http-port", "0");
        all.put("flight-port", "0");
        QuiverServer server = QuiverServer.start(ServerConfiguration.read(config, Map.of(), all), storage);
        return new RunningServer(server, directory, isToBeSound);
    }

    public URI http() {
        return server.http();
    }

    public URI flight() {
        return server.flight();
    }

    @Override
    public void close() {
        if (!server.stop()) {
            throw new IllegalStateException("a part of the server did not close");
        }
        if (isToBeSound) {
            SoundDirectory.require(directory);
        }
    }
}
