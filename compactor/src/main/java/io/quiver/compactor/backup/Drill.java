package io.quiver.compactor.backup;

import io.quiver.compactor.CheckReport;
import io.quiver.compactor.DirectoryCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A fire drill: restores a backup into a directory that nobody needs, compares every byte of it, opens it and asks it
 * questions whose answers are known. Blocks; belongs to one thread.
 */
public final class Drill {
    private Drill() {}

    /**
     * What came out.
     *
     * @param restoreTook from the begin until the directory was whole
     * @param openTook from there until it answered
     * @param records counted by the executor
     * @param questions asked in samples
     * @param problems one line each; none means that the backup is good
     */
    public record Report(
            BackupId backup,
            Duration restoreTook,
            Duration openTook,
            int collections,
            long records,
            int questions,
            List<String> problems) {
        public Report {
            problems = List.copyOf(problems);
        }

        public boolean isGood() {
            return problems.isEmpty();
        }
    }

    /**
     * Restores, compares, asks.
     *
     * @param scratch an existing directory on a disk with room; what is made there is deleted at the end
     */
    public static Report run(BackupPath backup, Path scratch, Progress progress) throws IOException {
        Path directory = Files.createTempDirectory(scratch, "quiver-drill-");
        try {
            return runIn(directory, backup, progress);
        } finally {
            DirectoryTree.delete(directory);
        }
    }

    private static Report runIn(Path directory, BackupPath backup, Progress progress) throws IOException {
        long begin = System.nanoTime();
        Restore.Report restored = Restore.run(backup, directory, new RestorePoint.End(), progress);
        Duration restoreTook = Duration.ofNanos(System.nanoTime() - begin);
        CheckReport check = DirectoryCheck.run(directory, progress::moved);
        List<String> problems = new ArrayList<>(
                check.findings().stream().map(CheckReport.Finding::toString).toList());
        if (check.collections() != restored.collections()) {
            problems.add("%d collections instead of %d".formatted(check.collections(), restored.collections()));
        }
        long opening = System.nanoTime();
        try (DrillSystem system = DrillSystem.open(directory)) {
            Duration openTook = Duration.ofNanos(System.nanoTime() - opening);
            DrillQuestions questions = new DrillQuestions(system, problems::add);
            questions.askAll();
            return new Report(
                    restored.base(),
                    restoreTook,
                    openTook,
                    restored.collections(),
                    questions.records(),
                    questions.asked(),
                    problems);
        }
    }
}
