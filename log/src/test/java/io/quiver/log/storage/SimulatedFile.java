package io.quiver.log.storage;

import io.quiver.log.storage.SimulatedStorage.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;

/** An open file of a {@link SimulatedStorage}, under its lock. */
final class SimulatedFile implements StorageFile {
    private final SimulatedStorage storage;
    private final String path;
    private final SimulatedContent content;
    private boolean isClosed;

    SimulatedFile(SimulatedStorage storage, String path, SimulatedContent content) {
        this.storage = storage;
        this.path = path;
        this.content = content;
    }

    /** A write that fails has been done in part, as on a disk. */
    @Override
    public void write(ByteBuffer bytes, long position) throws IOException {
        synchronized (storage) {
            checkOpen();
            boolean isDead = storage.isPowerOff();
            boolean fails = storage.isFailing(Kind.WRITE, path);
            byte[] source = new byte[isDead ? 0 : fails ? bytes.remaining() / 2 : bytes.remaining()];
            bytes.get(source);
            content.write(source, Math.toIntExact(position));
            if (fails) {
                throw storage.failure(path);
            }
        }
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
        synchronized (storage) {
            checkOpen();
            storage.count(Kind.READ, path);
            byte[] bytes = new byte[target.remaining()];
            int length = content.read(bytes, Math.toIntExact(position));
            target.put(bytes, 0, Math.max(0, length));
            return length;
        }
    }

    @Override
    public void force() throws IOException {
        storage.delayForce();
        synchronized (storage) {
            checkOpen();
            if (storage.isFailing(Kind.FORCE, path)) {
                if (!storage.isPowerOff()) {
                    content.forgetUnforced();
                }
                throw storage.failure(path);
            }
            content.force();
        }
    }

    @Override
    public long sizeBytes() throws IOException {
        synchronized (storage) {
            checkOpen();
            storage.count(Kind.SIZE, path);
            return content.sizeBytes();
        }
    }

    @Override
    public void resize(long sizeBytes) throws IOException {
        synchronized (storage) {
            checkOpen();
            storage.count(Kind.RESIZE, path);
            content.resize(Math.toIntExact(sizeBytes));
        }
    }

    @Override
    public void close() {
        synchronized (storage) {
            isClosed = true;
        }
    }

    private void checkOpen() throws IOException {
        if (isClosed) {
            throw new ClosedChannelException();
        }
    }
}
