package io.quiver.log;

import io.quiver.log.storage.Storage;
import io.quiver.log.storage.StorageFile;
import io.quiver.log.storage.StorageFullException;
import java.io.IOException;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a log begins with: what was found in its directory, read and ready to be written on.
 *
 * @param recovery what the files hold, and what of it is damaged
 * @param spares files of an earlier process, to be used next
 * @param active the newest file, open at the end of the log; belongs to who writes the log
 */
record OpenedFiles(LogRecovery recovery, SpareFiles spares, LogFiles files, ActiveFile active) {
    private static final Logger LOG = LoggerFactory.getLogger(OpenedFiles.class);

    /** Makes the directory where there is none. */
    static OpenedFiles in(Storage storage, String directory, long fileBytes, LongSupplier millis) throws IOException {
        storage.createDirectories(directory);
        LogRecovery recovery = LogRecovery.run(storage, directory);
        SpareFiles spares = new SpareFiles(storage, directory, fileBytes);
        spares.adopt();
        LogFiles files = new LogFiles(storage, directory, spares, recovery.files(), millis);
        ActiveFile active = files.isEmpty() ? files.begin(1, 0) : reopen(storage, recovery, files);
        return new OpenedFiles(recovery, spares, files, active);
    }

    private static ActiveFile reopen(Storage storage, LogRecovery recovery, LogFiles files) throws IOException {
        noteEnds(files);
        LogFile newest = recovery.files().getLast();
        StorageFile file = storage.open(newest.path);
        try {
            return ActiveFile.reopen(newest, file, recovery.lastGroupAt(), recovery.end());
        } catch (Throwable failure) {
            file.close();
            throw failure;
        }
    }

    /** On a full disk a log is opened all the same, to take deletes. */
    private static void noteEnds(LogFiles files) throws IOException {
        try {
            files.noteEnds();
        } catch (StorageFullException e) {
            LOG.warn("It is not noted which log files there are: {}", e.getMessage());
        }
    }
}
