package io.quiver.gateway.server;

import io.quiver.compactor.CheckReport;
import io.quiver.compactor.DirectoryCheck;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/**
 * What {@code quiver check} says of the directory that a test leaves behind: every server of the tests is checked at
 * its end.
 */
public final class SoundDirectory {
    private SoundDirectory() {}

    /** Fails where anything in the directory, which nobody may have open, is not as it was written. */
    public static void require(Path directory) {
        try {
            CheckReport report = DirectoryCheck.run(directory, (_, _, _) -> {});
            if (!report.isSound()) {
                throw new AssertionError("left behind damaged: " + report.findings());
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
