package io.quiver.loadtest.torture;

import io.quiver.loadtest.torture.UndoRecord.Creation;
import io.quiver.loadtest.torture.UndoRecord.Force;
import io.quiver.loadtest.torture.UndoRecord.ForceNames;
import io.quiver.loadtest.torture.UndoRecord.NameChange;
import io.quiver.loadtest.torture.UndoRecord.Removal;
import io.quiver.loadtest.torture.UndoRecord.Rename;
import io.quiver.loadtest.torture.UndoRecord.Write;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Undoes what was not forced, newest change first. Every second time all of it; otherwise each sector and each file's
 * size by the toss of a coin, and of the names in a directory the newest changes, from one drawn at random on. Used
 * once.
 */
final class Undoing {
    private static final int SECTOR_BYTES = 512;

    private final List<UndoRecord> newestFirst;
    private final long seed;
    private final boolean isAllLost;
    private final Map<Long, Long> durableWrites = new HashMap<>();
    private final Map<Path, Long> durableNames = new HashMap<>();
    private final Map<Long, Path> paths = new HashMap<>();
    private final Map<Path, Long> namesLostFrom = new HashMap<>();
    private int undone;

    Undoing(List<UndoRecord> records, long seed) {
        this.newestFirst = records.reversed();
        this.seed = seed;
        this.isAllLost = new Random(seed).nextBoolean();
        for (UndoRecord record : records) {
            switch (record) {
                case Force force -> durableWrites.merge(force.inode(), force.upTo(), Math::max);
                case ForceNames force -> durableNames.merge(force.directory(), force.upTo(), Math::max);
                case Write _, Creation _, Rename _, Removal _ -> {}
            }
        }
    }

    /** Returns how many changes were undone, in part at least. */
    int run(Path data, Path journal) throws IOException {
        findPaths(data);
        findPaths(journal);
        for (UndoRecord record : newestFirst) {
            if (record instanceof Write write && write.position() >= durableWrites.getOrDefault(write.inode(), 0L)) {
                undo(write);
            }
        }
        for (UndoRecord record : newestFirst) {
            if (record instanceof NameChange change && isLost(change)) {
                undo(change);
                undone++;
            }
        }
        return undone;
    }

    private void findPaths(Path directory) throws IOException {
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                paths.put((Long) Files.getAttribute(file, "unix:ino", LinkOption.NOFOLLOW_LINKS), file);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private void undo(Write write) throws IOException {
        Path path = paths.get(write.inode());
        if (path == null) {
            return;
        }
        boolean isSizeLost = isLost(write.inode(), -1);
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.WRITE)) {
            if (write.length() >= 0 || isSizeLost) {
                restore(file, write);
            }
            if (isSizeLost) {
                setSize(file, write.oldSize());
            }
        }
        undone++;
    }

    /** The bytes that were there, and zeros where there were none, in the sectors that are lost. */
    private void restore(FileChannel file, Write write) throws IOException {
        long end = write.offset() + Math.max(write.length(), write.before().length);
        for (long at = write.offset(); at < end; ) {
            long sectorEnd = Math.min(end, (at / SECTOR_BYTES + 1) * SECTOR_BYTES);
            if (isLost(write.inode(), at / SECTOR_BYTES)) {
                file.write(before(write, at, sectorEnd), at);
            }
            at = sectorEnd;
        }
    }

    private static ByteBuffer before(Write write, long from, long to) {
        ByteBuffer bytes = ByteBuffer.allocate((int) (to - from));
        int skipped = (int) (from - write.offset());
        int there = Math.min(bytes.remaining(), write.before().length - skipped);
        if (there > 0) {
            bytes.put(0, write.before(), skipped, there);
        }
        return bytes;
    }

    private static void setSize(FileChannel file, long size) throws IOException {
        if (file.size() > size) {
            file.truncate(size);
        } else if (file.size() < size) {
            file.write(ByteBuffer.allocate(1), size - 1);
        }
    }

    private boolean isLost(long inode, long sector) {
        return isAllLost || new Random(Objects.hash(seed, inode, sector)).nextBoolean();
    }

    private boolean isLost(NameChange change) {
        Path directory = parent(change.path());
        return change.position() >= durableNames.getOrDefault(directory, 0L)
                && change.position() >= namesLostFrom.computeIfAbsent(directory, this::drawLostFrom);
    }

    private long drawLostFrom(Path directory) {
        long from = durableNames.getOrDefault(directory, 0L);
        long to = newestFirst.getFirst().position() + 1;
        return isAllLost ? from : new Random(Objects.hash(seed, directory)).nextLong(from, Math.max(from + 1, to));
    }

    private static void undo(NameChange change) throws IOException {
        switch (change) {
            case Creation creation -> delete(creation.path());
            case Rename rename -> undo(rename);
            case Removal removal -> undo(removal);
        }
    }

    private static void undo(Rename rename) throws IOException {
        if (!isThere(rename.from()) && isThere(rename.path()) && isThere(parent(rename.from()))) {
            Files.move(rename.path(), rename.from());
            if (rename.stash() != null) {
                Files.createLink(rename.path(), rename.stash());
            }
        }
    }

    private static void undo(Removal removal) throws IOException {
        if (isThere(removal.path()) || !isThere(parent(removal.path()))) {
            return;
        }
        if (removal.stash() == null) {
            Files.createDirectory(removal.path());
        } else {
            Files.createLink(removal.path(), removal.stash());
        }
    }

    /** Where a directory is gone for good, it does not matter what became of the names in it. */
    private static Path parent(Path path) {
        return Objects.requireNonNull(path.getParent());
    }

    private static boolean isThere(Path path) {
        return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
    }

    private static void delete(Path path) throws IOException {
        if (!isThere(path)) {
            return;
        }
        List<Path> all;
        try (Stream<Path> walk = Files.walk(path)) {
            all = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path each : all) {
            Files.delete(each);
        }
    }
}
