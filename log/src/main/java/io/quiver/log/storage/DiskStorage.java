package io.quiver.log.storage;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Files in a directory of the disk. A full disk is a {@link StorageFullException}.
 *
 * <p>It holds nothing open itself. A thread that is interrupted while it reads or writes loses its open file, as with
 * every {@link FileChannel}.
 */
public final class DiskStorage implements Storage {
    private static final FileAttribute<?>[] OWNER_ONLY = {
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
    };

    private final Path root;

    private DiskStorage(Path root) {
        this.root = root;
    }

    /** Opens a directory; where there is none, creates it for this user alone. */
    public static DiskStorage open(Path directory) throws IOException {
        Path root = directory.toAbsolutePath().normalize();
        createDirectory(root);
        return new DiskStorage(root.toRealPath());
    }

    /** Where the files are. */
    public Path root() {
        return root;
    }

    @Override
    public StorageFile create(String path) throws IOException {
        return openChannel(path, CREATE_NEW, READ, WRITE);
    }

    @Override
    public StorageFile open(String path) throws IOException {
        return openChannel(path, READ, WRITE);
    }

    private StorageFile openChannel(String path, OpenOption... options) throws IOException {
        Path file = file(path);
        try {
            return new DiskFile(file, FileChannel.open(file, options));
        } catch (IOException e) {
            throw recognised(e, file);
        }
    }

    @Override
    public MemorySegment map(String path, Arena arena) throws IOException {
        try (FileChannel channel = FileChannel.open(file(path), READ)) {
            return channel.map(MapMode.READ_ONLY, 0, channel.size(), arena);
        }
    }

    /** The mapping keeps the bytes of its file; the name is taken away at once, so that a crash leaves nothing. */
    @Override
    public MemorySegment scratch(long sizeBytes, Arena arena) throws IOException {
        Path file = Files.createTempFile(root, "scratch-", ".tmp");
        try (FileChannel channel = FileChannel.open(file, READ, WRITE)) {
            fill(channel, sizeBytes);
            return channel.map(MapMode.READ_WRITE, 0, sizeBytes, arena);
        } catch (IOException e) {
            throw recognised(e, file);
        } finally {
            Files.delete(file);
        }
    }

    /** A disk that is full says so now, and not when a page of the mapping is written. */
    private static void fill(FileChannel channel, long sizeBytes) throws IOException {
        ByteBuffer zeros = ByteBuffer.allocateDirect(1 << 20);
        while (channel.position() < sizeBytes) {
            zeros.clear().limit((int) Math.min(zeros.capacity(), sizeBytes - channel.position()));
            channel.write(zeros);
        }
    }

    @Override
    public boolean exists(String path) {
        return Files.exists(file(path), LinkOption.NOFOLLOW_LINKS);
    }

    @Override
    public long sizeBytes(String path) throws IOException {
        return Files.size(file(path));
    }

    @Override
    public List<String> list(String directory) throws IOException {
        Path path = directory(directory);
        if (!Files.isDirectory(path)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(path)) {
            return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
        }
    }

    @Override
    public void rename(String from, String to) throws IOException {
        Path target = file(to);
        try {
            Files.move(file(from), target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw recognised(e, target);
        }
    }

    @Override
    public void link(String file, String otherName) throws IOException {
        Path link = file(otherName);
        try {
            Files.createLink(link, file(file));
        } catch (UnsupportedOperationException e) {
            throw new IOException(link + ": this file system gives a file one name only", e);
        } catch (IOException e) {
            throw recognised(e, link);
        }
    }

    /** Throws {@link DirectoryNotEmptyException} for a directory that holds anything. */
    @Override
    public void delete(String path) throws IOException {
        Files.deleteIfExists(file(path));
    }

    @Override
    public void createDirectories(String directory) throws IOException {
        createDirectory(directory(directory));
    }

    @Override
    public void createDirectory(String directory) throws IOException {
        Path path = directory(directory);
        if (!Files.isDirectory(path)) {
            Files.createDirectory(path, OWNER_ONLY);
        }
    }

    @Override
    public void forceDirectory(String directory) throws IOException {
        force(directory(directory));
    }

    @Override
    public long usableBytes() throws IOException {
        return Files.getFileStore(root).getUsableSpace();
    }

    /** The same failure, as a {@link StorageFullException} if that is what it was. */
    static IOException recognised(IOException failure, Path path) {
        String message = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
        return message.contains("no space left") || message.contains("quota exceeded") || hasNoRoom(path)
                ? new StorageFullException(path.toString(), failure)
                : failure;
    }

    /** The system's message may be in another language, so the disk is asked too. */
    private static boolean hasNoRoom(Path path) {
        try {
            return Files.getFileStore(path).getUsableSpace() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private static void createDirectory(Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            return;
        }
        Path parent = directory.getParent();
        if (parent == null) {
            throw new IOException("no such directory: " + directory);
        }
        createDirectory(parent);
        Files.createDirectory(directory, OWNER_ONLY);
        force(parent);
    }

    private static void force(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, READ)) {
            channel.force(true);
        } catch (IOException e) {
            throw recognised(e, directory);
        }
    }

    private Path file(String path) {
        return root.resolve(StoragePaths.file(path));
    }

    private Path directory(String path) {
        return root.resolve(StoragePaths.directory(path));
    }
}
