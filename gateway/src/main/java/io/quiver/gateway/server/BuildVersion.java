package io.quiver.gateway.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.Properties;
import picocli.CommandLine;

/** Which Quiver this is, as the build wrote it down. */
final class BuildVersion implements CommandLine.IVersionProvider {
    static final String VERSION = read();

    @Override
    public String[] getVersion() {
        return new String[] {"Quiver " + VERSION};
    }

    private static String read() {
        var properties = new Properties();
        try (InputStream stream = BuildVersion.class.getResourceAsStream("build.properties")) {
            properties.load(Objects.requireNonNull(stream, "build.properties"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties.getProperty("version");
    }
}
