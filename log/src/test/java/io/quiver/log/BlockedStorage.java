package io.quiver.log;

import io.quiver.log.storage.Storage;
import io.quiver.log.storage.StorageFile;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/** A storage whose writes wait while it is blocked. */
final class BlockedStorage implements Storage {
    private final Storage storage;
    private final ReadWriteLock gate = new ReentrantReadWriteLock();

    BlockedStorage(Storage storage) {
        this.storage = storage;
    }

    void block() {
        gate.writeLock().lock();
    }

    void unblock() {
        gate.writeLock().unlock();
    }

    @Override
    public StorageFile create(String path) throws IOException {
        return new BlockedFile(storage.create(path));
    }

    @Override
    public StorageFile open(String path) throws IOException {
        return new BlockedFile(storage.open(path));
    }

    @Override
    public MemorySegment map(String path, Arena arena) throws IOException {
        return storage.map(path, arena);
    }

    @Override
    public MemorySegment scratch(long sizeBytes, Arena arena) throws IOException {
        return storage.scratch(sizeBytes, arena);
    }

    @Override
    public boolean exists(String path) throws IOException {
        return storage.exists(path);
    }

    @Override
    public long sizeBytes(String path) throws IOException {
        return storage.sizeBytes(path);
    }

    @Override
    public List<String> list(String directory) throws IOException {
        return storage.list(directory);
    }

    @Override
    public void rename(String from, String to) throws IOException {
        storage.rename(from, to);
    }

    @Override
    public void link(String file, String otherName) throws IOException {
        storage.link(file, otherName);
    }

    @Override
    public void delete(String path) throws IOException {
        storage.delete(path);
    }

    @Override
    public void createDirectories(String directory) throws IOException {
        storage.createDirectories(directory);
    }

    @Override
    public void createDirectory(String directory) throws IOException {
        storage.createDirectory(directory);
    }

    @Override
    public void forceDirectory(String directory) throws IOException {
        storage.forceDirectory(directory);
    }

    private final class BlockedFile implements StorageFile {
        private final StorageFile file;

        BlockedFile(StorageFile file) {
            this.file = file;
        }

        @Override
        public void write(ByteBuffer bytes, long position) throws IOException {
            gate.readLock().lock();
            try {
                file.write(bytes, position);
            } finally {
                gate.readLock().unlock();
            }
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            return file.read(target, position);
        }

        @Override
        public void force() throws IOException {
            file.force();
        }

        @Override
        public long sizeBytes() throws IOException {
            return file.sizeBytes();
        }

        @Override
        public void resize(long sizeBytes) throws IOException {
            file.resize(sizeBytes);
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
