package io.quiver.log;

import io.quiver.log.storage.Storage;
import io.quiver.log.storage.StorageFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The log files of a directory whose headers can be read, oldest first, and where others are lost: missing, too short,
 * or without a header. What is behind a lost file says where it goes on. Nothing is behind the newest: where that is
 * lost nobody knows where the log ends, which is a {@link CorruptLogException}. Which are the oldest and the newest a
 * note says, where there is one ({@link LogEnds}).
 */
final class FoundFiles {
    private final Storage storage;
    private final LogFileNames names;
    private final List<LogFile> files = new ArrayList<>();

    /** Paths of lost files, by the id of the file behind them. */
    private final Map<Long, String> lostBefore = new HashMap<>();

    private @Nullable CorruptLogException lost;
    private long firstOffset = 1;

    private FoundFiles(Storage storage, String directory) {
        this.storage = storage;
        this.names = new LogFileNames(directory);
    }

    static FoundFiles in(Storage storage, String directory) throws IOException {
        FoundFiles found = new FoundFiles(storage, directory);
        for (String name : storage.list(directory)) {
            if (LogFileNames.isLog(name)) {
                found.find(LogFileNames.number(name));
            }
        }
        if (found.lost != null) {
            throw found.lost;
        }
        found.compare(new LogEnds(storage, directory).read());
        return found;
    }

    /** Offset of the first entry that the log must have. */
    long firstOffset() {
        return firstOffset;
    }

    private void compare(LogEnds.@Nullable Note note) throws CorruptLogException {
        if (note == null) {
            return;
        }
        long newest =
                files.isEmpty() ? note.oldestId() - 1 : files.getLast().header.id();
        if (newest < note.newestId()) {
            throw new CorruptLogException(
                    names.log(newest + 1), 0, "it is missing, and nobody knows where the log ends without it");
        }
        LogFile first = files.getFirst();
        firstOffset = Math.min(note.firstOffset(), first.firstOffset());
        if (note.oldestId() < first.header.id()) {
            lostBefore.putIfAbsent(first.header.id(), names.log(first.header.id() - 1));
        }
    }

    List<LogFile> files() {
        return files;
    }

    /** The path of a file that is lost right before one of these; {@code null} where none is. */
    @Nullable String lostBefore(LogFile file) {
        return lostBefore.get(file.header.id());
    }

    private void find(long number) throws IOException {
        try {
            add(read(names.log(number), number));
        } catch (UnknownFormatException newer) {
            throw newer;
        } catch (CorruptLogException damage) {
            lost = damage;
        }
    }

    private LogFile read(String path, long number) throws IOException {
        try (StorageFile file = storage.open(path)) {
            LogFileHeader header = LogFileHeader.read(path, file);
            if (header.id() != number) {
                throw new CorruptLogException(path, 16, "holds the log file with id %d".formatted(header.id()));
            }
            return new LogFile(header, path);
        }
    }

    private void add(LogFile file) {
        long id = file.header.id();
        if (lost != null) {
            lostBefore.put(id, lost.file());
            lost = null;
        } else if (!files.isEmpty() && files.getLast().header.id() + 1 < id) {
            lostBefore.put(id, names.log(id - 1));
        }
        files.add(file);
    }
}
