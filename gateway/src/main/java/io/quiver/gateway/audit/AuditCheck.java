package io.quiver.gateway.audit;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Whether a log is as it was written. Lines that were changed, dropped, put in or exchanged are found wherever they
 * are, but for the newest: who may write the file may also cut its end. Whoever keeps the last hash elsewhere finds
 * that too.
 *
 * @param lines read
 * @param lastSequence number of the newest line, 0 for none
 * @param lastHash of the newest line
 * @param problem the first that was found; empty for none
 */
public record AuditCheck(long lines, long lastSequence, String lastHash, String problem) {
    public boolean isSound() {
        return problem.isEmpty();
    }

    /** Reads the files of a directory; blocks. A log from which old files were dropped begins with what is left. */
    public static AuditCheck of(Path directory) throws IOException {
        AuditCheck check = new AuditCheck(0, 0, AuditLine.NO_HASH, "");
        List<Path> files = AuditFiles.in(directory);
        for (Path file : files) {
            check = check.after(file);
        }
        return check;
    }

    private AuditCheck after(Path file) throws IOException {
        AuditCheck check = this;
        long number = 0;
        try (BufferedReader reader = Files.newBufferedReader(file)) {
            String text;
            while (check.isSound() && (text = reader.readLine()) != null) {
                number++;
                check = check.after(text, file.getFileName() + " line " + number);
            }
        } catch (java.nio.charset.CharacterCodingException damaged) {
            return check.broken(file.getFileName() + " is not text");
        }
        return check;
    }

    private AuditCheck after(String text, String where) {
        AuditLine line = AuditLine.parse(text);
        if (line == null) {
            return broken(where + " is not as it was written");
        }
        boolean isFirst = lines == 0;
        boolean follows = line.sequence() == lastSequence + 1 && line.previous().equals(lastHash);
        if (!follows && !(isFirst && line.sequence() > 1)) {
            return broken(where + " does not follow line %d".formatted(lastSequence));
        }
        return new AuditCheck(lines + 1, line.sequence(), line.hash(), "");
    }

    private AuditCheck broken(String what) {
        return new AuditCheck(lines, lastSequence, lastHash, what);
    }
}
