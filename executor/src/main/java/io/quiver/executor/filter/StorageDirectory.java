package io.quiver.executor.filter;

import io.quiver.log.storage.Storage;
import io.quiver.log.storage.StorageFile;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.lucene.store.BaseDirectory;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.IndexInput;
import org.apache.lucene.store.IndexOutput;
import org.apache.lucene.store.OutputStreamIndexOutput;
import org.apache.lucene.store.SingleInstanceLockFactory;

/**
 * One directory of a {@link Storage}, as Lucene sees it. Files are mapped, each in an arena that its input owns; what
 * is read once and small is read to the heap. The write lock is in memory: a process has one data directory to itself.
 */
final class StorageDirectory extends BaseDirectory {
    private static final int WRITE_BUFFER_BYTES = 1 << 16;
    private static final long HEAP_BYTES_MAX = 1 << 20;

    private final Storage storage;
    private final String directory;
    private final AtomicLong temporaryNames = new AtomicLong();

    StorageDirectory(Storage storage, String directory) {
        super(new SingleInstanceLockFactory());
        this.storage = storage;
        this.directory = directory;
    }

    @Override
    public String[] listAll() throws IOException {
        return storage.list(directory).toArray(String[]::new);
    }

    @Override
    public void deleteFile(String name) throws IOException {
        storage.delete(path(name));
    }

    @Override
    public long fileLength(String name) throws IOException {
        return storage.sizeBytes(path(name));
    }

    @Override
    public IndexOutput createOutput(String name, IOContext context) throws IOException {
        StorageOutputStream stream = new StorageOutputStream(storage.create(path(name)));
        return new OutputStreamIndexOutput(path(name), name, stream, WRITE_BUFFER_BYTES);
    }

    @Override
    public IndexOutput createTempOutput(String prefix, String suffix, IOContext context) throws IOException {
        while (true) {
            try {
                return createOutput(getTempFileName(prefix, suffix, temporaryNames.getAndIncrement()), context);
            } catch (FileAlreadyExistsException _) {
                // The next number may be free.
            }
        }
    }

    @Override
    public IndexInput openInput(String name, IOContext context) throws IOException {
        boolean isSmall = IOContext.READONCE.equals(context) && fileLength(name) <= HEAP_BYTES_MAX;
        return isSmall ? SegmentInput.onHeap(path(name), read(name)) : map(name);
    }

    @Override
    public void sync(Collection<String> names) throws IOException {
        for (String name : names) {
            try (StorageFile file = storage.open(path(name))) {
                file.force();
            }
        }
    }

    @Override
    public void syncMetaData() throws IOException {
        storage.forceDirectory(directory);
    }

    @Override
    public void rename(String from, String to) throws IOException {
        storage.rename(path(from), path(to));
    }

    /** Files are deleted at once, or an exception says why not. */
    @Override
    public Set<String> getPendingDeletions() {
        return Set.of();
    }

    @Override
    public void close() {
        isOpen = false;
    }

    private SegmentInput map(String name) throws IOException {
        Arena arena = Arena.ofShared();
        try {
            MemorySegment memory = storage.map(path(name), arena);
            return SegmentInput.owning(path(name), memory, arena);
        } catch (Throwable failure) {
            arena.close();
            throw failure;
        }
    }

    private byte[] read(String name) throws IOException {
        try (StorageFile file = storage.open(path(name))) {
            ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(file.sizeBytes()));
            long position = 0;
            while (bytes.hasRemaining()) {
                int count = file.read(bytes, position);
                if (count < 0) {
                    break;
                }
                position += count;
            }
            return bytes.array();
        }
    }

    private String path(String name) {
        return directory + "/" + name;
    }
}
