package io.quiver.loadtest.torture;

import io.quiver.loadtest.torture.UndoRecord.Creation;
import io.quiver.loadtest.torture.UndoRecord.Force;
import io.quiver.loadtest.torture.UndoRecord.ForceNames;
import io.quiver.loadtest.torture.UndoRecord.Removal;
import io.quiver.loadtest.torture.UndoRecord.Rename;
import io.quiver.loadtest.torture.UndoRecord.Write;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the journal of a process that was killed; what it was just writing is left out, for it had not been done then.
 */
final class UndoJournal {
    private static final int WRITE_FIELDS = 5;

    private final Path directory;
    private final byte[] bytes;
    private int at;

    private UndoJournal(Path directory, byte[] bytes) {
        this.directory = directory;
        this.bytes = bytes;
    }

    static List<UndoRecord> read(Path directory) throws IOException {
        Path file = directory.resolve("journal");
        return Files.exists(file) ? new UndoJournal(directory, Files.readAllBytes(file)).records() : List.of();
    }

    private List<UndoRecord> records() {
        List<UndoRecord> records = new ArrayList<>();
        for (UndoRecord next = next(); next != null; next = next()) {
            records.add(next);
        }
        return records;
    }

    private @Nullable UndoRecord next() {
        int begin = at;
        String line = line();
        if (line == null) {
            return null;
        }
        String rest = line.substring(2);
        return switch (line.charAt(0)) {
            case 'W' -> write(begin, rest.split(" ", WRITE_FIELDS));
            case 'S' -> force(begin, rest.split(" ", 2));
            case 'N' -> forceNames(begin, rest.split(" ", 2));
            case 'C' -> new Creation(begin, Path.of(rest));
            case 'R' -> rename(begin, rest.split(" ", 2));
            case 'U' -> removal(begin, rest.split(" ", 2));
            default -> throw new IllegalStateException("no record of a journal: " + line);
        };
    }

    private @Nullable String line() {
        int from = at;
        for (int end = from; end < bytes.length; end++) {
            if (bytes[end] == '\n') {
                at = end + 1;
                return new String(bytes, from, end - from, StandardCharsets.UTF_8);
            }
        }
        return null;
    }

    private @Nullable UndoRecord write(long position, String[] fields) {
        long[] numbers = Arrays.stream(fields).mapToLong(Long::parseLong).toArray();
        int there = Math.toIntExact(numbers[4]);
        if (at + there > bytes.length) {
            return null;
        }
        byte[] before = Arrays.copyOfRange(bytes, at, at + there);
        at += there;
        return new Write(position, numbers[0], numbers[1], numbers[2], numbers[3], before);
    }

    private static UndoRecord force(long position, String[] fields) {
        return new Force(position, Long.parseLong(fields[0]), Long.parseLong(fields[1]));
    }

    private static UndoRecord forceNames(long position, String[] fields) {
        return new ForceNames(position, Long.parseLong(fields[0]), Path.of(fields[1]));
    }

    private UndoRecord rename(long position, String[] fields) {
        String[] names = fields[1].split("\t", 2);
        return new Rename(position, stash(fields[0]), Path.of(names[0]), Path.of(names[1]));
    }

    private UndoRecord removal(long position, String[] fields) {
        return new Removal(position, stash(fields[0]), Path.of(fields[1]));
    }

    private @Nullable Path stash(String name) {
        return name.equals("-") ? null : directory.resolve(name);
    }
}
